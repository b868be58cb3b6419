import type { FetchDocument } from '../plan/createFetchDocument.ts';
import type { Run } from './Run.ts';

interface Encoding {
  readonly document: FetchDocument;
  readonly counts: readonly number[];
  readonly run: Run;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The variables of one fetch as JSON text: the client's, the guards, and what is looked up. */
export function encodeVariables({ document, counts, run, variables }: Encoding): string {
  // Without a prototype: a variable may be named `__proto__`.
  const all: Record<string, unknown> = Object.create(null);
  for (const name of document.variables) if (Object.hasOwn(variables, name)) all[name] = variables[name];
  for (const [name, guard] of document.guards) all[name] = run.guards[guard] === true;
  for (const [index, { call, variable, placeholders }] of document.calls.entries()) {
    const representations = run.calls[call.id]?.representations ?? [];
    const merge = call.lookup?.merge;
    if (call.kind === 'entities') all[variable(0)] = representations;
    else if (call.kind === 'rootBatch') {
      const size = merge?.maxBatchSize ?? Math.max(representations.length, 1);
      for (let n = 0; n < (counts[index] ?? 0); n += 1) {
        const keys = representations
          .slice(n * size, (n + 1) * size)
          .map((key) => keyOf(key, merge?.key === undefined ? [] : merge.key.split('.')));
        for (const at of placeholders.keys()) all[variable(n, at)] = keys;
      }
    } else if (call.kind === 'root') {
      for (const [n, key] of representations.entries())
        for (const [at, path] of placeholders.entries()) all[variable(n, at)] = keyOf(key, path);
    }
  }
  return JSON.stringify(all);
}

/** The key, or the part of it that a path leads to, without the type name that only `_entities` knows. */
function keyOf(representation: unknown, path: readonly string[]): unknown {
  let value = representation;
  for (const step of path) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[step];
  if (value !== representation || typeof value !== 'object' || value === null) return value ?? null;
  const { __typename, ...key } = value as Record<string, unknown>;
  return key;
}
