import type { Measured } from '../measure/measure.ts';
import { DISTURBED } from '../measure/otherWork.ts';
import { median } from './median.ts';

/** Two runs one after the other, of which only the revision differs. */
export interface Pair {
  readonly letter: string;
  readonly gateway: string;
  readonly before: Measured;
  readonly now: Measured;
}

const COLUMNS: readonly (readonly [title: string, figure: keyof Measured])[] = [
  ['CPU time a request', 'cpu'],
  ['requests/s', 'requestsPerSecond'],
  ['p50', 'p50'],
  ['p99', 'p99'],
  ['peak memory', 'peak'],
  ['start', 'started'],
];

/** A line for each workload, in Markdown: the median of the ratios of the pairs, and the least and the greatest of them. Below 1 is less than before. */
export function printComparison(pairs: readonly Pair[], revisions: { readonly before: string; readonly now: string }) {
  const keys = [...new Set(pairs.map(({ letter, gateway }) => JSON.stringify([letter, gateway])))];
  const lines = keys.map((key) => {
    const [letter, gateway] = JSON.parse(key) as [string, string];
    const own = pairs.filter((pair) => pair.letter === letter && pair.gateway === gateway);
    const disturbed = own.filter(({ before, now }) => Math.max(before.other, now.other) > DISTURBED).length;
    const upstream = median(own.map(({ before }) => before.alone));
    const upstreamNow = median(own.map(({ now }) => now.alone));
    const cells = [letter, gateway, own.length, ...COLUMNS.map(([, figure]) => ratios(own, figure))];
    return `| ${[...cells, `${upstream} → ${upstreamNow}`, disturbed].join(' | ')} |`;
  });
  const head = ['', '', 'pairs', ...COLUMNS.map(([title]) => title), 'upstream, alone', 'disturbed pairs'];
  return [
    `${revisions.now} in relation to ${revisions.before}: median of the pairs (least – greatest)`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map((_, index) => (index < 2 ? '---|' : '---:|')).join('')}`,
    ...lines,
  ].join('\n');
}

function ratios(pairs: readonly Pair[], figure: keyof Measured): string {
  const each = pairs.map(({ before, now }) => now[figure] / before[figure]);
  const [middle, least, greatest] = [median(each), Math.min(...each), Math.max(...each)].map((one) => one.toFixed(3));
  return `${middle} (${least} – ${greatest})`;
}
