import type { TypeRef } from '../supergraph/TypeRef.ts';
import type { ValueMap } from '../supergraph/ValueMap.ts';

/** An argument's value out of an object that was read; undefined where a part of it could not be had or may not be null. */
export function evaluateValue(map: ValueMap, value: unknown): unknown {
  switch (map.kind) {
    case 'self':
      return value;
    case 'constant':
      return map.value;
    case 'field': {
      if (typeof value !== 'object' || value === null) return value;
      const inner = Object.hasOwn(value, map.key) ? (value as Record<string, unknown>)[map.key] : null;
      return inner === null || inner === undefined ? inner : evaluateValue(map.of, inner);
    }
    case 'list':
      return Array.isArray(value) ? evaluateList(map.of, value) : value;
    case 'object':
      return evaluateObject(map.fields, value);
    case 'choice': {
      const values = map.of.map((one) => evaluateValue(one, value));
      return values.find(isWhole) ?? (values.includes(null) ? null : undefined);
    }
  }
}

function evaluateList(of: ValueMap, items: readonly unknown[]): unknown {
  const values = items.map((item) => (item === null ? null : evaluateValue(of, item)));
  return values.includes(undefined) ? undefined : values;
}

function evaluateObject(fields: Extract<ValueMap, { kind: 'object' }>['fields'], value: unknown): unknown {
  const entries: [string, unknown][] = [];
  for (const { name, value: map, nonNull, optional } of fields) {
    if (optional === true && isAbsent(map, value)) continue;
    const one = evaluateValue(map, value);
    if (one === undefined || (one === null && nonNull === true)) return undefined;
    entries.push([name, one]);
  }
  return Object.fromEntries(entries);
}

function isAbsent(map: ValueMap, value: unknown): boolean {
  return map.kind === 'field' && (typeof value !== 'object' || value === null || !Object.hasOwn(value, map.key));
}

function isWhole(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || Object.values(value).every(isWhole);
}

/** Whether the value may stand where this type is declared, as far as nulls go. */
export function fitsNulls(value: unknown, type: TypeRef): boolean {
  if (type.kind === 'nonNull') return value !== null && value !== undefined && fitsNulls(value, type.of);
  if (type.kind === 'list' && Array.isArray(value)) return value.every((item) => fitsNulls(item, type.of));
  return true;
}
