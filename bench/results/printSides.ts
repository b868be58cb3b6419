import type { Gateway } from '../gateways/Gateway.ts';

/** A line for each gateway, above the tables: its word on the command line, its version, its settings. */
export function printSides(gateways: readonly Gateway[]): string {
  const lines = gateways.map(
    ({ id, name, shares, version, settings }) => `| ${[name, `\`${id}\``, shares, version, settings].join(' | ')} |`,
  );
  return [
    '| gateway | id | equal requests in flight share | version | settings |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}
