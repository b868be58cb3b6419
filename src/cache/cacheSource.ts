/**
 * What: remembers parts of what a subgraph answers: root fields and entities. Where: around its source, outermost.
 * A caller sees the reply that the subgraph would give: what is remembered is not asked for, the rest is, in one request.
 */
import type { Source, SourceOperation, SourceRequest, SourceResult } from '../execute/Source.ts';
import { type Analysis, analyzeDocument } from './analyzeDocument.ts';
import { answerOf, type Filled } from './answerOf.ts';
import { askMissing } from './askMissing.ts';
import type { CachePolicy } from './CachePolicy.ts';
import type { CacheEntry, Reading } from './CacheStore.ts';
import type { Cache } from './createCache.ts';
import type { Names } from './Names.ts';
import { namedByMutation } from './namedByMutation.ts';
import { readVariables } from './readVariables.ts';
import { seesClients } from './seesClients.ts';
import { identityOf, type Slot, slotsOf } from './slotsOf.ts';

export interface CacheSourceOptions {
  readonly cache: Cache;
  readonly names: Names;
  readonly policy: CachePolicy;
  /** Whether a mutation invalidates what its answer names. */
  readonly invalidates: boolean;
}

export function cacheSource(source: Source, { cache, names, policy, invalidates }: CacheSourceOptions): Source {
  const analyses = createAnalyses(names);
  const sees = seesClients(source);
  const read = async (request: SourceRequest, analysis: Analysis, visible: string): Promise<SourceResult> => {
    const variables = readVariables(request.variables);
    const identity = identityOf(request.context, policy, { visible, seesClients: sees });
    const slots = slotsOf(analysis, variables, identity);
    const keys = slots.flatMap(({ sharedKey, privateKey }) =>
      [sharedKey, privateKey].filter((key) => key !== undefined),
    );
    if (keys.length === 0) return source.fetch(request);
    const reading = cache.store.read(keys);
    const { entries, mark } = reading instanceof Promise ? await reading : reading;
    const filled = fill(slots, entries);
    for (const part of filled) cache.counts[part === undefined ? 'misses' : 'hits'] += 1;
    if (!filled.includes(undefined)) return answerOf(analysis, { slots, filled, errors: [] });
    return askMissing(request, {
      source,
      cache,
      analysis,
      slots,
      filled,
      mark,
      rules: { names, policy, variables, isTold: identity.isTold },
    });
  };
  const write = async (request: SourceRequest): Promise<SourceResult> => {
    const analysis = analyses(request.operation);
    let data: unknown;
    try {
      const result = await source.fetch(request);
      ({ data } = result);
      return result;
    } finally {
      cache.closeDoors();
      // Also where it failed: what it has done by then is not known.
      if (invalidates && analysis !== undefined) await cache.invalidate(namedByMutation(analysis, data, names));
    }
  };
  return {
    name: source.name,
    reusesEntities: source.reusesEntities,
    fetch(request) {
      if (request.operation.kind === 'mutation') return write(request);
      const analysis = policy.enabled && request.operation.kind === 'query' ? analyses(request.operation) : undefined;
      const visible = source.visible?.(request.context);
      // Whoever does not tell what it sees may see anything.
      if (analysis === undefined || visible === undefined) return source.fetch(request);
      return read(request, analysis, visible);
    },
    ...(source.subscribe === undefined
      ? {}
      : { subscribe: (request) => (source as Required<Source>).subscribe(request) }),
    ...(source.visible === undefined ? {} : { visible: (context) => (source as Required<Source>).visible(context) }),
    ...(source.close === undefined ? {} : { close: () => (source as Required<Source>).close() }),
  };
}

/** Of each operation of a plan once. */
function createAnalyses(names: Names): (operation: SourceOperation) => Analysis | undefined {
  const known = new WeakMap<SourceOperation, { readonly analysis: Analysis | undefined }>();
  return (operation) => {
    const found = known.get(operation);
    if (found !== undefined) return found.analysis;
    const analysis = analyzeDocument(operation, names);
    known.set(operation, { analysis });
    return analysis;
  };
}

/** Entries stand in the order of the keys: of each slot the shared one, then its own. */
function fill(slots: readonly Slot[], entries: Reading['entries']): (Filled | undefined)[] {
  let next = 0;
  const take = (key: string | undefined): CacheEntry | undefined => {
    if (key === undefined) return undefined;
    next += 1;
    return entries[next - 1];
  };
  return slots.map(({ sharedKey, privateKey }) => {
    const shared = take(sharedKey);
    const entry = take(privateKey) ?? shared;
    return entry === undefined ? undefined : { value: entry.value, entry, key: undefined, isHit: true };
  });
}
