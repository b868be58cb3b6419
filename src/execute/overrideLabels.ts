import type { SourceContext } from './Source.ts';

/** When a label is active: always or never, where a header of the client is there (with this value), or for a share of all requests. */
export type OverrideRule =
  | boolean
  | {
      readonly header?: string | undefined;
      readonly equals?: string | undefined;
      readonly percent?: number | undefined;
    };

export type OverrideRules = Readonly<Record<string, OverrideRule>>;

export interface OverrideContext extends SourceContext {
  /** What a plugin has decided, by label; wins over the configuration and over `percent(n)`. */
  readonly overrideLabels?: Readonly<Record<string, boolean>> | undefined;
}

/**
 * The labels that are active for one request. `dice` is a number from 0 up to 100, thrown once a request:
 * so a label of 5 percent is active only where one of 10 percent is, and what is asked twice is answered alike.
 */
export function activeLabels(
  labels: readonly string[],
  { rules, context, dice }: { readonly rules: OverrideRules; readonly context: OverrideContext; readonly dice: number },
): ReadonlySet<string> {
  const decided = context.overrideLabels ?? {};
  return new Set(
    labels.filter((label) => {
      if (Object.hasOwn(decided, label)) return decided[label] === true;
      if (Object.hasOwn(rules, label)) return holds(rules[label], context, dice);
      const percent = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
      return percent !== undefined && dice < Number(percent);
    }),
  );
}

function holds(rule: OverrideRule | undefined, { headers }: SourceContext, dice: number): boolean {
  if (typeof rule !== 'object') return rule === true;
  if (rule.percent !== undefined) return dice < rule.percent;
  const value = rule.header === undefined ? null : headers.get(rule.header);
  return value !== null && (rule.equals === undefined || value === rule.equals);
}
