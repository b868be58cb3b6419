/** For each key: the index of the item that carries it, or undefined. Scalars compare as text: a backend may write an id as a number. */
export function matchByKey(keys: readonly unknown[], items: readonly unknown[]): (number | undefined)[] {
  const [sample] = keys;
  const names =
    typeof sample === 'object' && sample !== null
      ? Object.keys(sample)
          .filter((name) => name !== '__typename')
          .sort()
      : [];
  const found = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = keyText(item, names);
    if (text !== undefined && !found.has(text)) found.set(text, index);
  }
  return keys.map((key) => found.get(keyText(key, names) ?? ''));
}

function keyText(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  return JSON.stringify(names.map((name) => plain(fields[name])));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value === null || value === undefined ? null : String(value);
  const entries = Object.entries(value).filter(([name]) => name !== '__typename');
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, plain(inner)]);
}
