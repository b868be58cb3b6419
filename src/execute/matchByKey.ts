import type { KeyNames } from '../plan/keyNames.ts';

/**
 * For each of what was looked up: the index of the item that carries its key, or undefined. Scalars compare as text: a backend may write an
 * id as a number.
 */
export function matchByKey(
  names: KeyNames,
  sought: readonly unknown[],
  items: readonly unknown[],
): (number | undefined)[] {
  const found = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = keyText(item, names);
    if (text !== undefined && !found.has(text)) found.set(text, index);
  }
  return sought.map((one) => found.get(keyText(one, names) ?? ''));
}

function keyText(value: unknown, names: KeyNames): string | undefined {
  return typeof value === 'object' && value !== null ? JSON.stringify(keyOf(value, names)) : undefined;
}

function keyOf(value: unknown, names: KeyNames | null): unknown {
  if (Array.isArray(value)) return value.map((item) => keyOf(item, names));
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  const fields = value as Readonly<Record<string, unknown>>;
  // A scalar that is an object.
  if (names === null) return JSON.stringify(value);
  return names.map(([name, below]) => keyOf(fields[name], below));
}
