import DataLoader from 'dataloader';
import type { LookupPair } from './pairLookups.ts';
import type { RootCall } from './RootCall.ts';

export interface ReadScopeOptions {
  readonly pairs: ReadonlyMap<string, LookupPair>;
  call(call: RootCall): Promise<unknown>;
  /** The value of a type's field in an item as the backend sent it. */
  readField(typeName: string, field: string, item: unknown): unknown;
}

/** The reads of one request. */
export interface ReadScope {
  load(call: RootCall): Promise<unknown>;
}

/** Equal reads are asked once; single lookups made in one tick are asked by one batch call where there is a batch form. */
export function createReadScope(options: ReadScopeOptions): ReadScope {
  const answers = new Map<string, Promise<unknown>>();
  const loaders = new Map<string, DataLoader<RootCall, unknown, string>>();
  const loaderFor = (pair: LookupPair): DataLoader<RootCall, unknown, string> => {
    let loader = loaders.get(pair.field);
    if (loader === undefined) {
      loader = new DataLoader((calls) => loadMany(options, pair, calls), {
        cacheKeyFn: ({ args }) => String(args[pair.argument]),
        ...(pair.maxBatchSize === undefined ? {} : { maxBatchSize: pair.maxBatchSize }),
      });
      loaders.set(pair.field, loader);
    }
    return loader;
  };
  return {
    load(call) {
      const pair = options.pairs.get(call.field);
      if (pair !== undefined && isOnlyArgument(call, pair.argument)) {
        return loaderFor(pair).load(call);
      }
      const key = `${call.field} ${JSON.stringify(call.args)}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        answer = options.call(call);
        answers.set(key, answer);
      }
      return answer;
    },
  };
}

function isOnlyArgument({ args }: RootCall, name: string): boolean {
  return Object.keys(args).length === 1 && args[name] !== undefined && args[name] !== null;
}

async function loadMany(
  { call, readField }: ReadScopeOptions,
  pair: LookupPair,
  calls: readonly RootCall[],
): Promise<unknown[]> {
  const [first] = calls;
  if (first === undefined) {
    return [];
  }
  if (calls.length === 1) {
    return [await call(first)];
  }
  const keys = calls.map(({ args }) => args[pair.argument]);
  const items = await call({ ...first, field: pair.batchField, args: pair.batchArguments(keys) });
  const byKey = new Map<string, unknown>();
  for (const item of Array.isArray(items) ? items : []) {
    if (item !== null && item !== undefined) {
      byKey.set(String(readField(pair.typeName, pair.key, item)), item);
    }
  }
  return keys.map((key) => byKey.get(String(key)) ?? null);
}
