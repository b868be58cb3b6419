import { GatewayError } from '../errors/GatewayError.ts';
import type { CallDocument, FetchDocument } from '../plan/createFetchDocument.ts';
import { addError, relay, relayFailure } from './ErrorNode.ts';
import { matchByKey } from './matchByKey.ts';
import type { CallState, Run } from './Run.ts';
import type { SourceError, SourceResult } from './Source.ts';

interface Receiving {
  readonly document: FetchDocument;
  readonly counts: readonly number[];
  readonly run: Run;
  readonly subgraph: string;
}

/** Gives each call of a fetch its part of the reply: entities in the order of the representations, errors by entity. */
export function receiveReply(reply: SourceResult, { document, counts, run, subgraph }: Receiving): void {
  const data = reply.data ?? null;
  const positions = document.calls.map((call, index) =>
    receiveCall(call, data, { count: counts[index] ?? 1, state: run.calls[call.call.id] as CallState }),
  );
  for (const error of reply.errors ?? []) place(error, { document, counts, run, subgraph, positions });
  if ((reply.errors ?? []).length === 0 && data !== null) refuseUnfit(document, run, subgraph);
  if (data === null && (reply.errors ?? []).length === 0) {
    throw new GatewayError(
      'SUBGRAPH_INVALID_RESPONSE',
      `The subgraph "${subgraph}" answered neither data nor errors.`,
      { subgraph },
    );
  }
}

/** What was asked for and is not there needs a reason that the client can read. */
function refuseUnfit({ calls }: FetchDocument, run: Run, subgraph: string): void {
  for (const { call } of calls) {
    const state = run.calls[call.id];
    if (state?.isUnfit !== true) continue;
    const message = `The subgraph "${subgraph}" answered another number of entities than it was asked for, or none.`;
    state.general.push(relayFailure(new GatewayError('SUBGRAPH_INVALID_RESPONSE', message), subgraph));
  }
}

type Data = Readonly<Record<string, unknown>> | null;
/** Of a batch by configuration: for the n-th alias, where each item of the reply went. */
type Positions = readonly (readonly (readonly number[])[])[];

function receiveCall(
  document: CallDocument,
  data: Data,
  { count, state }: { readonly count: number; readonly state: CallState },
): Positions {
  const { call } = document;
  if (call.lookup === null) {
    state.entities = [data];
    return [];
  }
  if (data === null) return [];
  if (call.kind === 'entities') {
    const list = data[document.alias(0)];
    state.entities = Array.isArray(list) ? list : [];
    // With an error of its own the list may be missing; without one, and with another length, it is no answer.
    if (state.entities.length !== state.representations.length) state.isUnfit = true;
    return [];
  }
  if (call.kind === 'root') {
    state.entities = state.representations.map((_, index) => data[document.alias(index)]);
    return [];
  }
  const size = call.lookup.merge?.maxBatchSize ?? Math.max(state.representations.length, 1);
  const entities: unknown[] = [];
  const positions: number[][][] = [];
  for (let n = 0; n < count; n += 1) {
    const wanted = state.representations.slice(n * size, (n + 1) * size);
    const list = data[document.alias(n)];
    const items = Array.isArray(list) ? list : [];
    if (!Array.isArray(list) && list !== null) state.isUnfit = true;
    const matched =
      call.lookup.merge?.reply === 'positional' ? wanted.map((_, index) => index) : matchByKey(wanted, items);
    entities.push(...matched.map((index) => (index === undefined ? null : items[index])));
    positions.push(items.map((_, item) => matched.flatMap((index, at) => (index === item ? [n * size + at] : []))));
  }
  state.entities = entities;
  return positions;
}

function place(
  error: SourceError,
  { document, counts, run, subgraph, positions }: Receiving & { readonly positions: readonly Positions[] },
): void {
  const relayed = relay(error, subgraph);
  const path = error.path ?? [];
  const [first] = path;
  for (const [index, call] of document.calls.entries()) {
    const state = run.calls[call.call.id] as CallState;
    if (call.call.lookup === null) {
      if (first === undefined || isOther(document, index, counts, first)) continue;
      addError(state.errors, [0, ...path], relayed);
      return;
    }
    for (let n = 0; n < (counts[index] ?? 1); n += 1) {
      if (call.alias(n) !== first) continue;
      placeInCall(relayed, path.slice(1), { kind: call.call.kind, n, state, positions: positions[index]?.[n] ?? [] });
      return;
    }
  }
  for (const { call } of document.calls) run.calls[call.id]?.general.push(relayed);
}

/** Whether a response key belongs to another call of the same document. */
function isOther(document: FetchDocument, index: number, counts: readonly number[], key: string | number): boolean {
  return document.calls.some(
    (call, at) =>
      at !== index &&
      call.call.lookup !== null &&
      Array.from({ length: counts[at] ?? 1 }, (_, n) => call.alias(n)).includes(String(key)),
  );
}

interface Placing {
  readonly kind: string;
  readonly n: number;
  readonly state: CallState;
  readonly positions: readonly (readonly number[])[];
}

function placeInCall(
  error: ReturnType<typeof relay>,
  path: readonly (string | number)[],
  { kind, n, state, positions }: Placing,
): void {
  if (kind === 'root') {
    addError(state.errors, [n, ...path], error);
    return;
  }
  const [item, ...rest] = path;
  if (typeof item !== 'number') {
    state.general.push(error);
    return;
  }
  const entities = kind === 'entities' ? [item] : (positions[item] ?? []);
  if (entities.length === 0) state.general.push(error);
  for (const entity of entities) addError(state.errors, [entity, ...rest], error);
}
