import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { isRecord } from '../lib/isRecord.ts';
import { parseDuration } from '../lib/parseDuration.ts';
import { directiveArguments } from './directiveArguments.ts';

/** `@rateLimit(window: "1m", max: 10, keys: [...])` of a field. */
export interface FieldLimit {
  /** Milliseconds. */
  readonly window: number;
  readonly max: number;
  /** Whose counter: `caller` unless told. */
  readonly keys: readonly string[];
}

/** By `Type.field`. */
export type FieldLimits = ReadonlyMap<string, readonly FieldLimit[]>;

/** The name that the directive has in subgraphs and in the supergraph. */
export const RATE_LIMIT = 'rateLimit';

/**
 * What a use of the directive means; a text says what is wrong with it. Undefined where it is not meant for a gateway: other directives of that name
 * have other arguments. `identityArgs` are those of graphql-rate-limit: arguments of the field, beside who asks.
 */
export function readFieldLimit(args: Readonly<Record<string, unknown>>): FieldLimit | string | undefined {
  const { window, max, keys, identityArgs = [] } = args;
  if (window === undefined || max === undefined) return undefined;
  const milliseconds = typeof window === 'string' ? parseDuration(window) : undefined;
  if (milliseconds === undefined || !Number.isInteger(milliseconds) || milliseconds === 0)
    return 'Expected "window" to be a duration such as "30s", "1m" or "1h".';
  if (typeof max !== 'number' || !Number.isInteger(max) || max < 1)
    return 'Expected "max" to be an integer of at least 1.';
  if (max * milliseconds > Number.MAX_SAFE_INTEGER) return 'Expected a smaller "max" or "window".';
  const all = keys ?? ['caller', ...(Array.isArray(identityArgs) ? identityArgs : [])];
  const isList = Array.isArray(all) && all.length > 0 && all.every((key) => typeof key === 'string' && key !== '');
  return isList ? { window: milliseconds, max, keys: all } : 'Expected "keys" to be a list of texts.';
}

/** Those of a supergraph document: carried there by composition, or by `@composeDirective`. What is wrong is left out. */
export function readFieldLimits(document: DocumentNode): FieldLimits {
  const found = new Map<string, Map<string, FieldLimit>>();
  const note = (path: string, node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
    const carried = directiveArguments(node, 'join__directive').flatMap(({ name, args }) =>
      name === RATE_LIMIT && isRecord(args) ? [args] : [],
    );
    for (const args of [...carried, ...directiveArguments(node, RATE_LIMIT)]) {
      const limit = readFieldLimit(args);
      if (typeof limit !== 'object') continue;
      const own = found.get(path) ?? new Map<string, FieldLimit>();
      found.set(path, own.set(JSON.stringify(limit), limit));
    }
  };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) note(`${node.name.value}.${field.name.value}`, field);
  }
  return new Map([...found].map(([path, own]) => [path, [...own.values()]]));
}
