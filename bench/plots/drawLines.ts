import { createScale, type Scale } from './createScale.ts';

export interface Axis {
  readonly title: string;
  readonly log: boolean;
  /** Where a linear axis begins at least; default: at the least value. */
  readonly from?: number;
}

export interface Line {
  readonly title: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Picture {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

const [WIDTH, HEIGHT] = [720, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [76, 20, 84, 52];
/** Told apart on white and on black, by people who see few colours as well. */
const COLORS = ['#2f81f7', '#d2691e', '#2a9d6f', '#9a5bd6'];
/** Sits in the picture, so that it follows the reader's choice wherever it is shown. */
const STYLE = `text { font: 12px system-ui, sans-serif; fill: #24292f; } .title { font-size: 14px; font-weight: 600; }
.grid { stroke: #8c959f; stroke-opacity: .3; } .axis { stroke: #57606a; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .axis { stroke: #8b949e; } }`;

/** A line chart as SVG, readable on a light and on a dark ground. Points that a logarithmic axis has no place for are left out. */
export function drawLines({ title, x, y, lines }: Picture): string {
  const fits = ([a, b]: readonly [number, number]) =>
    Number.isFinite(a) && Number.isFinite(b) && (!x.log || a > 0) && (!y.log || b > 0);
  const kept = lines.map((line) => ({ ...line, points: line.points.filter(fits) }));
  const points = kept.flatMap((line) => line.points);
  const across = createScale(
    points.map(([a]) => a),
    { ...x, pixels: [LEFT, WIDTH - RIGHT] },
  );
  const up = createScale(
    points.map(([, b]) => b),
    { ...y, pixels: [HEIGHT - BOTTOM, TOP] },
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${toXml(title)}">`,
    `<style>${STYLE}</style>`,
    text(title, { at: [LEFT, 22], anchor: 'start', name: 'title' }),
    ...drawAxes(across, up),
    text(x.title, { at: [(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12] }),
    text(y.title, { at: [LEFT, TOP - 12], anchor: 'start' }),
    ...kept.flatMap((line, index) => drawLine(line, index, across, up)),
    '</svg>',
    '',
  ].join('\n');
}

function drawAxes(across: Scale, up: Scale): string[] {
  const [bottom, top, left, right] = [HEIGHT - BOTTOM, TOP, LEFT, WIDTH - RIGHT];
  return [
    ...across.ticks.flatMap((tick) => [
      stroke('grid', [across.place(tick), bottom], [across.place(tick), top]),
      text(short(tick), { at: [across.place(tick), bottom + 18] }),
    ]),
    ...up.ticks.flatMap((tick) => [
      stroke('grid', [left, up.place(tick)], [right, up.place(tick)]),
      text(short(tick), { at: [left - 8, up.place(tick) + 4], anchor: 'end' }),
    ]),
    stroke('axis', [left, bottom], [right, bottom]),
    stroke('axis', [left, bottom], [left, top]),
  ];
}

type Spot = readonly [number, number];

function drawLine({ title, points }: Line, index: number, across: Scale, up: Scale): string[] {
  const color = COLORS[index % COLORS.length] ?? '';
  const spots = points.map(([a, b]): Spot => [across.place(a), up.place(b)]);
  const path = spots.map(([a, b]) => `${round(a)},${round(b)}`).join(' ');
  // In a row above the picture: beside the lines, texts of two that run together would cover each other.
  const at: Spot = [LEFT + index * 270, 44];
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...(points.length > 40
      ? []
      : spots.map(([a, b]) => `<circle cx="${round(a)}" cy="${round(b)}" r="3" fill="${color}"/>`)),
    `<rect x="${at[0]}" y="${at[1] - 9}" width="10" height="10" fill="${color}"/>`,
    text(title, { at: [at[0] + 16, at[1]], anchor: 'start' }),
  ];
}

function text(
  content: string,
  { at: [x, y], anchor = 'middle', name }: { readonly at: Spot; readonly anchor?: string; readonly name?: string },
): string {
  const named = name === undefined ? '' : ` class="${name}"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${named}>${toXml(content)}</text>`;
}

function stroke(name: string, [x1, y1]: Spot, [x2, y2]: Spot): string {
  return `<line class="${name}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

function toXml(content: string): string {
  return content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function short(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
}
