import type { Config } from '../../config/Config.ts';
import type { ExpressionInput } from '../../expressions/compileExpression.ts';
import type { Finding } from './Finding.ts';

type ThreatAllowance = NonNullable<Config['threat_protection']>['allow'][number];

/** Whether what was found may be there; what asks is made only where it is looked at. */
export type IsAllowed = (finding: Finding, asked: () => ExpressionInput) => boolean;

/** `decide` makes an expression ready; where it has no value it says no. */
export async function compileAllowances(
  entries: readonly ThreatAllowance[],
  decide: (source: string) => Promise<(input: ExpressionInput) => boolean>,
): Promise<IsAllowed> {
  const allowances = await Promise.all(entries.map((entry) => compile(entry, decide)));
  return (finding, asked) => allowances.some((isAllowed) => isAllowed(finding, asked));
}

async function compile(
  { argument, variable, operation, when, rules }: ThreatAllowance,
  decide: (source: string) => Promise<(input: ExpressionInput) => boolean>,
): Promise<IsAllowed> {
  const isTrue = when === undefined ? undefined : await decide(when);
  const isOfArgument = (coordinate: string) => coordinate === argument || coordinate.startsWith(`${argument}.`);
  return (finding, asked) => {
    if (rules !== undefined && !rules.includes(finding.rule)) return false;
    if (variable !== undefined && finding.variable !== variable) return false;
    // A variable may go to several: each of them has to be one that is meant.
    if (argument !== undefined && !(finding.arguments.length > 0 && finding.arguments.every(isOfArgument)))
      return false;
    if (operation !== undefined && asked().operation?.name !== operation) return false;
    return isTrue === undefined || isTrue(asked());
  };
}
