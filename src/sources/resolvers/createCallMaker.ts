/**
 * How resolvers ask single subgraphs. Where: below every `call` of a resolver and every `@resolveTo`.
 * What a subgraph sees: one request for all that resolvers of one turn ask of it, one alias a call, equal calls once.
 */
import DataLoader from 'dataloader';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { Source, SourceContext } from '../../execute/Source.ts';
import type { SubgraphCall } from '../../Resolvers.ts';
import { type Delegated, placeErrors, toCallError } from './placeErrors.ts';
import { type PreparedCall, type PreparedSelection, prepareCall } from './prepareCall.ts';
import type { ResolverPorts } from './ResolverPorts.ts';

export interface CallerContext {
  readonly context: SourceContext;
  readonly signal: AbortSignal | undefined;
}

export interface CallMaker extends Delegated {
  call(call: SubgraphCall & PreparedSelection, caller: CallerContext): Promise<unknown>;
}

export function createCallMaker(ports: ResolverPorts, gateway: string): CallMaker {
  // By what the variables of a selection come from: calls that share a document must agree on them.
  const loaders = new WeakMap<object, Map<string, DataLoader<PreparedCall, unknown>>>();
  const delegated = new WeakSet<object>();
  const send = (calls: readonly PreparedCall[], caller: CallerContext) =>
    sendCalls(calls, { ports, caller, delegated });
  return {
    isDelegated: (object) => delegated.has(object),
    async call(call, caller) {
      const prepared = prepareCall(call, { supergraph: ports.supergraph, gateway });
      if (prepared.operation === 'mutation') return settle(await send([prepared], caller));
      const group = call.info === undefined ? caller.context : call.info.variableValues;
      const known = loaders.get(group) ?? new Map<string, DataLoader<PreparedCall, unknown>>();
      loaders.set(group, known);
      let loader = known.get(call.subgraph);
      if (loader === undefined) {
        loader = new DataLoader((calls) => send(calls, caller), { cache: false });
        known.set(call.subgraph, loader);
      }
      return loader.load(prepared);
    },
  };
}

function settle([value]: readonly unknown[]): unknown {
  if (value instanceof Error) throw value;
  return value;
}

interface Sending {
  readonly ports: ResolverPorts;
  readonly caller: CallerContext;
  readonly delegated: WeakSet<object>;
}

async function sendCalls(
  calls: readonly PreparedCall[],
  { ports, caller, delegated }: Sending,
): Promise<(unknown | Error)[]> {
  const [first] = calls;
  if (first === undefined) return [];
  const distinct = new Map<string, number>();
  const unique = calls.filter(({ identity }) => !distinct.has(identity) && distinct.set(identity, distinct.size));
  const source = ports.sources.get(first.subgraph);
  if (source === undefined) return calls.map(() => unavailable(first.subgraph));
  const result = await source.fetch({ ...toDocument(first, unique), ...caller });
  const { values, unplaced } = placeErrors(result, {
    aliases: unique.map((_, index) => `c${index}`),
    subgraph: first.subgraph,
    delegated,
    typeName: first.typeName,
  });
  for (const error of unplaced) {
    const nulls = values.flatMap((value, index) => (value === null ? [index] : []));
    if (nulls.length === 0) ports.report(toCallError(error, first.subgraph));
    for (const index of nulls) values[index] = toCallError(error, first.subgraph);
  }
  return calls.map(({ identity }) => values[distinct.get(identity) ?? 0]);
}

function unavailable(subgraph: string): GatewayError {
  return new GatewayError('SUBGRAPH_UNAVAILABLE', `The subgraph "${subgraph}" cannot be reached at the moment.`, {
    subgraph,
  });
}

const operations = new Map<string, Parameters<Source['fetch']>[0]['operation']>();

function toDocument({ operation }: PreparedCall, calls: readonly PreparedCall[]) {
  const definitions = new Set(calls.flatMap((call) => call.sharedDefinitions));
  const variables: Record<string, unknown> = Object.create(null);
  const fields = calls.map((call, index) => {
    for (const { name, type, value } of call.args) {
      definitions.add(`$c${index}_${name}: ${type}`);
      variables[`c${index}_${name}`] = value;
    }
    Object.assign(variables, call.sharedVariables);
    const args = call.args.map(({ name }) => `${name}: $c${index}_${name}`);
    return `c${index}: ${call.field}${args.length === 0 ? '' : `(${args.join(', ')})`}${call.selection}`;
  });
  const head = definitions.size === 0 ? '' : `(${[...definitions].join(', ')})`;
  const document = `${operation}${head} { ${fields.join(' ')} }`;
  // The same object for the same document, so that sources can keep what they derive from it; bounded, for aliases come in any number.
  const known = operations.get(document) ?? { kind: operation, document };
  if (operations.size < 256) operations.set(document, known);
  return { operation: known, variables: JSON.stringify(variables) };
}
