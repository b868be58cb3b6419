import { exponents } from './exponents.ts';
import type { Point, Series } from './Series.ts';

export interface Sized extends Partial<Point> {
  readonly size: number;
}

/** A table with a row a size; behind each figure the exponent by which it has grown since the row above. Then the plots. */
export function printSeries({ name, title, axis, figures, plots }: Series, points: readonly Sized[]): string {
  const sizes = points.map(({ size }) => size);
  const columns = figures.map(({ key }) => {
    const values = points.map((point) => point[key] ?? Number.NaN);
    const grown = exponents(sizes, values);
    return values.map((value, at) =>
      grown[at] === undefined ? number(value) : `${number(value)} (${grown[at].toFixed(2)})`,
    );
  });
  const rows = sizes.map(
    (size, at) => `| ${[size.toLocaleString('en'), ...columns.map((cells) => cells[at])].join(' | ')} |`,
  );
  return [
    `### ${title}`,
    '',
    `| ${[axis, ...figures.map((figure) => figure.title)].join(' | ')} |`,
    `|${'---:|'.repeat(figures.length + 1)}`,
    ...rows,
    '',
    ...plots.map((_, at) => `![${title}](plots/${plotName(name, at)}.svg)`),
  ].join('\n');
}

export function plotName(series: string, at: number): string {
  return at === 0 ? series : `${series}-${at + 1}`;
}

function number(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(value < 10 ? 1 : 0);
}
