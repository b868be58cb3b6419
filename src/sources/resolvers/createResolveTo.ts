import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import { isRecord } from '../../lib/isRecord.ts';
import type { ResolverContext } from '../../Resolvers.ts';
import type { ResolveTo } from '../../supergraph/gatewaySchema/resolveTo.ts';
import type { CallMaker } from './createCallMaker.ts';
import { callerOf } from './resolverContext.ts';

type Resolver = (
  object: unknown,
  args: Readonly<Record<string, unknown>>,
  context: ResolverContext,
  info: GraphQLResolveInfo,
) => unknown;

/** The resolver that `@resolveTo` stands for. */
export function createResolveTo(target: ResolveTo, calls: CallMaker): Resolver {
  const {
    sourceName: subgraph,
    sourceTypeName: type,
    sourceFieldName: field,
    sourceSelectionSet: selectionSet,
  } = target;
  const steps = (target.result ?? '').split(/[.[\]]+/).filter((step) => step !== '');
  const below = steps.filter((step) => !/^\d+$/.test(step));
  const ask = (args: Readonly<Record<string, unknown>>, context: ResolverContext, info: GraphQLResolveInfo) =>
    calls.call({ subgraph, type, field, args, info, below, selectionSet }, callerOf(context));
  const { keyField, keysArg } = target;
  if (keyField === undefined || keysArg === undefined) {
    return async (object, args, context, info) =>
      follow(await ask(nest(fill(target.sourceArgs ?? {}, { root: object, args, context })), context, info), steps);
  }
  const loaders = new WeakMap<object, Map<string, DataLoader<unknown, unknown>>>();
  return (object, args, context, info) => {
    const key = (object as Readonly<Record<string, unknown>> | null)?.[keyField];
    if (key === undefined || key === null) return null;
    const more = fill(target.additionalArgs ?? {}, { root: object, args, context });
    // Of one execution and one field of its document: others may select something else.
    const known = loaders.get(info.fieldNodes) ?? new Map<string, DataLoader<unknown, unknown>>();
    loaders.set(info.fieldNodes, known);
    const name = JSON.stringify(more);
    let loader = known.get(name);
    if (loader === undefined) {
      loader = new DataLoader(async (keys) => {
        known.delete(name);
        const reply = await ask(nest({ ...more, [keysArg]: keys }), context, info);
        return matchByPosition(
          Array.isArray(reply) ? reply.map((item) => follow(item, steps)) : follow(reply, steps),
          keys,
          subgraph,
        );
      });
      known.set(name, loader);
    }
    return loader.load(key);
  };
}

function matchByPosition(items: unknown, keys: readonly unknown[], subgraph: string): unknown[] {
  if (Array.isArray(items) && items.length === keys.length) return items;
  if (items instanceof Error) throw items;
  throw new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `The subgraph "${subgraph}" answered ${Array.isArray(items) ? `${items.length} items` : 'no list'} for ${keys.length} keys.`,
    { subgraph },
  );
}

type Scope = Readonly<Record<'root' | 'args' | 'context', unknown>>;

const WHOLE = /^\{\s*(root|args|context)((?:\.[\w-]+)+)\s*\}$/;
const PART = /\{\s*(root|args|context)((?:\.[\w-]+)+)\s*\}/g;

/** `{root.id}` alone is the value as it is; inside a text it is a part of the text. */
function fill<T>(template: T, scope: Scope): T {
  const read = (start: string, path: string) => valueAt(scope[start as keyof Scope], path.slice(1).split('.'));
  const map = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(map);
    if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, map(item)]));
    if (typeof value !== 'string') return value;
    const [, start, path] = WHOLE.exec(value) ?? [];
    if (start !== undefined && path !== undefined) return read(start, path);
    return value.replaceAll(PART, (_, from: string, way: string) => String(read(from, way) ?? ''));
  };
  return map(template) as T;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (at instanceof Headers || (isRecord(at) && typeof at['get'] === 'function')) at = (at as Headers).get(step);
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** `{ "where.id": 1 }` as `{ where: { id: 1 } }`. */
function nest(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const nested = new Map<string, unknown>();
  for (const [name, value] of Object.entries(args)) {
    const [first = name, ...rest] = name.split('.');
    const inner = rest.length === 0 ? value : nest({ [rest.join('.')]: value });
    const known = nested.get(first);
    nested.set(first, isRecord(known) && isRecord(inner) ? { ...known, ...inner } : inner);
  }
  return Object.fromEntries(nested);
}

/** Follows a path into a reply; a list on the way is followed in each item, unless the path names one. */
function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || value === null || value === undefined || value instanceof Error) return value ?? null;
  if (Array.isArray(value)) {
    return /^\d+$/.test(step) ? follow(value[Number(step)], rest) : value.map((item) => follow(item, steps));
  }
  return isRecord(value) && Object.hasOwn(value, step) ? follow(value[step], rest) : null;
}
