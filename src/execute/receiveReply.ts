import { GatewayError } from '../errors/GatewayError.ts';
import type { CallDocument, FetchDocument } from '../plan/createFetchDocument.ts';
import { addError, relay, relayFailure } from './ErrorNode.ts';
import { matchByKey } from './matchByKey.ts';
import type { Batch, CallState, Run } from './Run.ts';
import type { SourceError, SourceResult } from './Source.ts';

interface Receiving {
  readonly document: FetchDocument;
  readonly run: Run;
  readonly subgraph: string;
}

/** Gives each call of a fetch its part of the reply: entities in the order of the representations, errors by entity. */
export function receiveReply(reply: SourceResult, { document, run, subgraph }: Receiving): void {
  const data = reply.data ?? null;
  const positions = document.calls.map((call) => receiveCall(call, data, run.calls[call.call.id] as CallState));
  for (const error of reply.errors ?? []) place(error, { document, run, subgraph, positions });
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
/** Of a batch that is matched by key: for the n-th alias, the entities that each item of the reply is. */
type Positions = readonly (readonly (readonly number[])[])[];

function receiveCall(document: CallDocument, data: Data, state: CallState): Positions {
  const { call } = document;
  if (call.lookup === null) {
    state.entities = [data];
    return [];
  }
  if (data === null) return [];
  if (call.kind === 'root') {
    const entities: unknown[] = [];
    for (const [n, { entities: only }] of state.batches.entries())
      for (const index of only) entities[index] = answerAt(document, data, n);
    state.entities = entities;
    return [];
  }
  if (call.kind === 'entities' || call.lookup.batch?.reply === 'positional') {
    receivePositional(document, data, state);
    return [];
  }
  const entities: unknown[] = [];
  state.entities = entities;
  return state.batches.map((batch, n) => {
    const items = itemsOf(answerAt(document, data, n), state);
    const matched = matchByKey(
      document.keyNames,
      batch.entities.map((index) => state.representations[index]),
      items,
    );
    const positions = items.map((): number[] => []);
    for (const [at, index] of batch.entities.entries()) {
      const item = matched[at];
      entities[index] = item === undefined ? null : items[item];
      if (item !== undefined) positions[item]?.push(index);
    }
    return positions;
  });
}

function receivePositional(document: CallDocument, data: NonNullable<Data>, state: CallState): void {
  const { call } = document;
  const entities: unknown[] = [...state.entities];
  for (const [n, batch] of state.batches.entries()) {
    const items = itemsOf(answerAt(document, data, n), state);
    // With an error of its own the list may be missing; without one, and with another length, it is no answer.
    if (call.kind === 'entities' && items.length !== batch.entities.length) state.isUnfit = true;
    for (const [at, index] of batch.entities.entries()) entities[index] = items[at];
  }
  state.entities = entities;
}

/** What the n-th alias answered; of a nested lookup, below the fields that lead to it. */
function answerAt({ alias, within }: CallDocument, data: NonNullable<Data>, n: number): unknown {
  let answer = data[alias(n)];
  for (const name of within) answer = (answer as Data | undefined)?.[name] ?? null;
  return answer;
}

function itemsOf(list: unknown, state: CallState): readonly unknown[] {
  if (Array.isArray(list)) return list;
  if (list !== null) state.isUnfit = true;
  return [];
}

function place(
  error: SourceError,
  { document, run, subgraph, positions }: Receiving & { readonly positions: readonly Positions[] },
): void {
  const relayed = relay(error, subgraph);
  const path = error.path ?? [];
  const [first] = path;
  for (const [index, call] of document.calls.entries()) {
    const state = run.calls[call.call.id] as CallState;
    if (call.call.lookup === null) {
      if (first === undefined || isOther(document, index, run, first)) continue;
      addError(state.errors, [0, ...path], relayed);
      return;
    }
    for (const [n, batch] of state.batches.entries()) {
      if (call.alias(n) !== first) continue;
      const below = path.slice(1 + call.within.length);
      if (call.call.kind === 'root')
        for (const entity of batch.entities) addError(state.errors, [entity, ...below], relayed);
      else placeInBatch(relayed, below, { state, batch, positions: positions[index]?.[n] });
      return;
    }
  }
  for (const { call } of document.calls) run.calls[call.id]?.general.push(relayed);
}

/** Whether a response key belongs to another call of the same document. */
function isOther(document: FetchDocument, index: number, run: Run, key: string | number): boolean {
  return document.calls.some(
    (call, at) =>
      at !== index &&
      call.call.lookup !== null &&
      (run.calls[call.call.id]?.batches ?? []).some((_, n) => call.alias(n) === key),
  );
}

interface Placing {
  readonly state: CallState;
  readonly batch: Batch;
  /** Absent where items are in the order of the batch. */
  readonly positions: readonly (readonly number[])[] | undefined;
}

function placeInBatch(
  error: ReturnType<typeof relay>,
  path: readonly (string | number)[],
  { state, batch, positions }: Placing,
): void {
  const [item, ...rest] = path;
  const entity = typeof item === 'number' ? batch.entities[item] : undefined;
  const entities =
    positions === undefined ? [entity].filter((one) => one !== undefined) : (positions[Number(item)] ?? []);
  if (entities.length === 0) state.general.push(error);
  for (const one of entities) addError(state.errors, [one, ...rest], error);
}
