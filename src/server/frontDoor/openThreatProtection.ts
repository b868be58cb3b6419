/**
 * What: the rules of the newest configuration, and the log of what they find. Where: opened once a gateway, where there is a section `threat_protection`.
 * A caller sees a changed configuration at once. What only code of a package can do, the operator's own patterns, is loaded where there are any.
 */
import type { ThreatPattern, ThreatProtectionConfig } from '../../config/ThreatProtectionConfig.ts';
import type { ExpressionInput } from '../../expressions/compileExpression.ts';
import type { Log } from '../../lib/Log.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { compileAllowances } from '../../plugins/threats/compileAllowances.ts';
import { createDetector, type OwnPattern } from '../../plugins/threats/createDetector.ts';
import type { Finding } from '../../plugins/threats/Finding.ts';
import { type Threats, useThreatProtection } from '../../plugins/threats/useThreatProtection.ts';
import { createLimitedLog } from './createLimitedLog.ts';
import { decideBy } from './decideBy.ts';

export interface ThreatProtectionPorts {
  readonly log: Log;
  readonly now: () => number;
}

export interface OpenThreatProtection {
  readonly plugin: GatewayPlugin;
  /** Reads another configuration; what it resolves with takes it over. */
  prepare(config: ThreatProtectionConfig | undefined): Promise<() => void>;
}

export async function openThreatProtection(
  config: ThreatProtectionConfig,
  { log, now }: ThreatProtectionPorts,
): Promise<OpenThreatProtection> {
  let threats = await compile(config);
  const warn = createLimitedLog((line) => log.warn(line), { now, what: 'findings of "threat_protection"' });
  const report = (finding: Finding, asked: ExpressionInput, mode: Threats['mode']) =>
    warn(describe(finding, asked, mode));
  return {
    plugin: useThreatProtection({ current: () => threats, report }),
    async prepare(next) {
      const made = next === undefined ? undefined : await compile(next);
      return () => {
        threats = made;
      };
    },
  };
}

async function compile(config: ThreatProtectionConfig): Promise<Threats | undefined> {
  if (!config.enabled) return undefined;
  const isAllowed = await compileAllowances(config.allow, (source) => decideBy(source));
  const detector = createDetector(config.rules, await compilePatterns(config.patterns));
  return { detector, mode: config.mode, isAllowed, maxCharacters: config.max_characters };
}

async function compilePatterns(patterns: readonly ThreatPattern[]): Promise<readonly OwnPattern[]> {
  if (patterns.length === 0) return [];
  const { RE2JS } = await import('re2js');
  return patterns.map(({ name, pattern, ignore_case: ignoresCase }) => {
    const compiled = RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
    return { name, isFound: (text) => compiled.matcher(text).find() };
  });
}

/** Without the value: what was tried may be somebody's secret all the same. */
function describe({ rule, place }: Finding, asked: ExpressionInput, mode: Threats['mode']): string {
  const { caller, clientAddress, operation } = asked;
  const known = [
    operation === undefined || operation.name === '' ? '' : `operation ${JSON.stringify(operation.name.slice(0, 100))}`,
    caller?.id === undefined ? '' : `caller ${JSON.stringify(caller.id.slice(0, 100))}`,
    `address ${JSON.stringify(clientAddress?.() ?? '')}`,
  ].filter((part) => part !== '');
  const what = mode === 'enforce' ? 'refuses' : 'would refuse';
  return `The rule "${rule}" ${what} the value at ${JSON.stringify(place)} (${known.join(', ')}).`;
}
