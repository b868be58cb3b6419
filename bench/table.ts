import type { Measured } from './measure/measure.ts';
import type { Workload } from './workloads.ts';

type Figure = Exclude<keyof Measured, 'gateway' | 'letter'>;

const COLUMNS: readonly (readonly [title: string, figure: Figure, digits: number])[] = [
  ['CPU µs a request', 'cpu', 0],
  ['requests/s', 'requestsPerSecond', 0],
  ['p50 ms', 'p50', 2],
  ['p99 ms', 'p99', 2],
  ['upstream requests', 'upstream', 2],
  ['peak MB', 'peak', 0],
  ['start ms', 'started', 0],
  ['first answer ms', 'first', 0],
];

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** One table a workload, in Markdown: medians of the repetitions. */
export function printTables(workloads: readonly Workload[], rows: readonly Measured[]): string {
  return workloads.map((workload) => printTable(workload, rows)).join('\n\n');
}

function printTable({ letter, title, connections }: Workload, rows: readonly Measured[]): string {
  const own = rows.filter((row) => row.letter === letter);
  const names = [...new Set(own.map(({ gateway }) => gateway))];
  const lines = names.map((name) => {
    const repeated = own.filter(({ gateway }) => gateway === name);
    const cells = COLUMNS.map(([, figure, digits]) => median(repeated.map((row) => row[figure])).toFixed(digits));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const head = ['', ...COLUMNS.map(([column]) => column)];
  return [
    `**${letter}**: ${title}, ${connections === 1 ? 'one connection' : `${connections} connections`}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map((_, index) => (index === 0 ? '---|' : '---:|')).join('')}`,
    ...lines,
  ].join('\n');
}
