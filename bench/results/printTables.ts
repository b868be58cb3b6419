import type { Gateway } from '../gateways/Gateway.ts';
import { DISTURBED } from '../measure/otherWork.ts';
import type { Workload } from '../workloads.ts';
import { median } from './median.ts';
import type { Miss, Row } from './Row.ts';

type Figure = Exclude<keyof Row, 'gateway' | 'letter' | 'round'>;

const COLUMNS: readonly (readonly [title: string, figure: Figure, digits: number])[] = [
  ['CPU µs a request', 'cpu', 0],
  ['requests/s', 'requestsPerSecond', 0],
  ['p50 ms', 'p50', 2],
  ['p99 ms', 'p99', 2],
  ['upstream, under load', 'upstream', 2],
  ['upstream, alone', 'alone', 1],
  ['peak MB', 'peak', 0],
  ['idle MB', 'idle', 0],
  ['start ms', 'started', 0],
  ['first answer ms', 'first', 0],
  ['other work %', 'other', 1],
];

export interface Table {
  readonly workloads: readonly Workload[];
  readonly gateways: readonly Gateway[];
  readonly rows: readonly Row[];
  readonly misses: readonly Miss[];
}

/** One table a workload, in Markdown: medians of the repetitions, and below them a line for each gateway that has none. */
export function printTables({ workloads, gateways, rows, misses }: Table): string {
  const tables = workloads.flatMap((workload) => {
    const own = rows.filter(({ letter }) => letter === workload.letter);
    const known = gateways.filter(({ id }) => own.some(({ gateway }) => gateway === id));
    return known.length === 0 ? [] : [printTable(workload, known, own)];
  });
  const lines = misses.map(({ gateway, letter, reason }) => {
    const name = gateways.find(({ id }) => id === gateway)?.name ?? gateway;
    return `- ${name}${letter === undefined ? '' : `, ${letter}`}: ${reason}`;
  });
  const missing = lines.length === 0 ? [] : [`**Not measured**\n\n${lines.join('\n')}`];
  return [...tables, ...missing].join('\n\n');
}

function printTable(
  { letter, title, connections }: Workload,
  gateways: readonly Gateway[],
  rows: readonly Row[],
): string {
  const lines = gateways.map(({ id, name, shares }) => {
    const repeated = rows.filter(({ gateway }) => gateway === id);
    const quiet = repeated.filter(({ other }) => other <= DISTURBED);
    const counted = quiet.length === 0 ? repeated : quiet;
    const cells = COLUMNS.map(([, figure, digits]) => median(counted.map((row) => row[figure])).toFixed(digits));
    return `| ${[quiet.length === 0 ? `${name} \\*` : name, shares, ...cells].join(' | ')} |`;
  });
  const head = ['', 'shared in flight', ...COLUMNS.map(([column]) => column)];
  const note = lines.some((line) => line.includes('\\*'))
    ? ['', `\\* Other work took more than ${DISTURBED} % of the gateway's core each time.`]
    : [];
  return [
    `**${letter}**: ${title}, ${connections === 1 ? 'one connection' : `${connections} connections`}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map((_, index) => (index < 2 ? '---|' : '---:|')).join('')}`,
    ...lines,
    ...note,
  ].join('\n');
}
