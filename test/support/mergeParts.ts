import assert from 'node:assert/strict';

type Path = readonly (string | number)[];

interface Errors {
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: Path;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** A payload of graphql 17's format, or of the one of 2022, as a client reads it. */
export interface Part extends Errors {
  readonly data?: Record<string, unknown> | null;
  readonly hasNext?: boolean;
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly (Errors & {
    readonly id?: string;
    readonly subPath?: Path;
    readonly path?: Path;
    readonly label?: string;
    readonly data?: Record<string, unknown> | null;
    readonly items?: readonly unknown[] | null;
  })[];
  readonly completed?: readonly (Errors & { readonly id: string })[];
}

export interface Merged {
  readonly data: Record<string, unknown> | null;
  /** Paths of all errors, sorted, each once. */
  readonly errorPaths: readonly string[];
  /** Path and label of all that was announced, sorted. */
  readonly announced: readonly string[];
}

/** What a client has in the end. Fails where the parts break the rules: an id without announcement, one that is never completed, data for a place that is not there. */
export function mergeParts(parts: readonly Part[]): Merged {
  const [first, ...rest] = parts;
  assert.ok(first !== undefined);
  const data = structuredClone(first.data ?? null);
  const paths = new Set((first.errors ?? []).map(pathText));
  const open = new Map<string, Path>();
  const announced: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (parts.length > 1 || part.hasNext !== undefined) assert.equal(part.hasNext, index < parts.length - 1);
    for (const { id, path, label } of part.pending ?? []) {
      assert.ok(!open.has(id), `"${id}" is announced while it is open`);
      open.set(id, path);
      announced.push(`${JSON.stringify(path)} ${label ?? ''}`);
    }
    for (const { id, subPath = [], path: own, data: fields, items, errors = [] } of part.incremental ?? []) {
      const path = own ?? open.get(id ?? '');
      assert.ok(path !== undefined, `"${id}" is not announced`);
      for (const error of errors) paths.add(pathText(error));
      if (fields !== undefined && fields !== null) mergeFields(placeAt(data, [...path, ...subPath]), fields);
      if (items !== undefined && items !== null) {
        const list = placeAt(data, own === undefined ? path : path.slice(0, -1)) as unknown[];
        // In the older format each deferred fragment that has the list streams it.
        const at = own === undefined ? list.length : Number(own.at(-1));
        assert.ok(at <= list.length, `item ${at} comes after ${list.length}`);
        for (const [index, item] of structuredClone(items).entries()) mergeItem(list, at + index, item);
      }
    }
    for (const { path } of part.pending ?? []) placeAt(data, path);
    for (const { id, errors = [] } of part.completed ?? []) {
      assert.ok(open.delete(id), `"${id}" is completed and was not open`);
      for (const error of errors) paths.add(pathText(error));
    }
  }
  assert.deepEqual([...open], [], 'never completed');
  assert.ok(rest.length === 0 || data !== null);
  return { data, errorPaths: [...paths].sort(), announced: announced.sort() };
}

function pathText({ path }: { readonly path?: Path }): string {
  return JSON.stringify(path ?? null);
}

function placeAt(data: unknown, path: Path): unknown {
  let place = data;
  for (const step of path) place = (place as Record<string | number, unknown> | null | undefined)?.[step];
  assert.ok(typeof place === 'object' && place !== null, `nothing is at ${JSON.stringify(path)}`);
  return place;
}

function mergeFields(into: unknown, fields: Readonly<Record<string, unknown>>): void {
  const object = into as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) {
    const known = Object.hasOwn(object, key) ? object[key] : undefined;
    if (Array.isArray(known) && Array.isArray(value))
      for (const [index, item] of value.entries()) mergeItem(known, index, item);
    else if (isObject(known) && isObject(value)) mergeFields(known, value);
    else if (value !== null || !isGiven(known))
      Object.defineProperty(object, key, {
        value: structuredClone(value),
        enumerable: true,
        writable: true,
        configurable: true,
      });
  }
}

function mergeItem(list: unknown[], index: number, item: unknown): void {
  const known = list[index];
  if (Array.isArray(known) && Array.isArray(item))
    for (const [at, inner] of item.entries()) mergeItem(known, at, inner);
  else if (isObject(known) && isObject(item)) mergeFields(known, item);
  else if (item !== null || !isGiven(known)) list[index] = structuredClone(item);
}

/** In the older format two parts can have one object each by itself, of which one is null: which comes first says nothing. */
function isGiven(known: unknown): boolean {
  return typeof known === 'object' && known !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
