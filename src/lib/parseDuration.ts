const unitMilliseconds: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Milliseconds of `30s`, `500ms`, `1.5m` or `2h`; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text.trim());
  const unit = unitMilliseconds.get(match?.[2] ?? '');
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}
