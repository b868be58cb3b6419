import { AssertionError } from 'node:assert';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  print,
  validate,
} from 'graphql';
import type { PolicyQuestion } from '../../src/execute/authorization/Policies.ts';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { OverrideContext } from '../../src/execute/overrideLabels.ts';
import type { Caller, SourceContext } from '../../src/execute/Source.ts';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import type { Supergraph } from '../../src/supergraph/Supergraph.ts';
import { collect } from '../support/incremental.ts';
import { mergeParts, type Part } from '../support/mergeParts.ts';
import { compareAnswers } from './compareAnswers.ts';
import { coordinatesOf } from './coordinatesOf.ts';
import { createStore, EVENTS, eventOf, type StoreOptions, type Thing } from './createStore.ts';
import { chance } from './hash.ts';
import type { Told } from './protection.ts';
import { atOnce, type Monolith, serveMonolith } from './serveMonolith.ts';
import { type Recording, type Sent, serveSubgraph } from './serveSubgraph.ts';
import { readWorld } from './World.ts';

/** The same subgraphs and data twice: behind the gateway, and as one server. */
export interface Trial {
  readonly supergraph: Supergraph;
  readonly schema: GraphQLSchema;
  /**
   * Executes a document four times (the third one on comes from generated code), or where it has deferred parts in both formats of these;
   * what is wrong with the answers, or with what subgraphs were asked for, in words; undefined where nothing is.
   */
  check(document: DocumentNode, variables?: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

export interface Outcome {
  readonly failure: string | undefined;
  readonly sent: readonly Sent[];
  readonly result: ExecutionResult;
  readonly expected: ExecutionResult;
}

/** Says what keeps subgraphs apart where they do not compose. */
export class NotComposed extends Error {}

export const NOTHING_WRONG: StoreOptions = { salt: '', nulls: 0, errors: 0, missing: 0 };
const EXECUTIONS = 4;
const FORMATS = ['current', 'legacy'] as const;
const IN_PARTS = /@(defer|stream)\b/;

interface Asked {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: SourceContext & OverrideContext;
}

export function createTrial(subgraphs: readonly Subgraph[], options: StoreOptions): Trial {
  const composed = compose(subgraphs, { findUnsatisfied });
  if ('issues' in composed) throw new NotComposed(composed.issues.map((issue) => issue.message).join('\n'));
  return createTrialOf(composed.sdl, subgraphs, options);
}

/** Who asks, and what of the supergraph's text that denies. */
export interface Asker {
  readonly caller: Caller | undefined;
  readonly policies: readonly string[];
  tell(document: DocumentNode): Told;
  isDenied(type: string, field: string): boolean;
}

export function createTrialOf(
  sdl: string,
  subgraphs: readonly Subgraph[],
  options: StoreOptions,
  asker?: () => Asker,
): Trial {
  const supergraph = parseSupergraph(sdl);
  const schema = supergraph.clientSchema;
  const isActive = (label: string) => chance(`${options.salt} ${label}`) < 0.5;
  const overrideLabels = Object.fromEntries(supergraph.overrideLabels.map((label) => [label, isActive(label)]));
  const store = createStore(readWorld(subgraphs, isActive), options);
  const recording: Recording = { sent: [], breaches: [] };
  const sources = new Map(
    store.world.graphs.map((graph) => [
      graph.name,
      serveSubgraph(graph, store, {
        ...recording,
        isDown: graph.name === options.down,
        reusesEntities: chance(`${options.salt} ${graph.name} reuses`) < 0.7,
      }),
    ]),
  );
  const decidePolicies = ({ policies }: PolicyQuestion) =>
    new Set(policies.filter((policy) => asker?.().policies.includes(policy) === true));
  const executor = createExecutor({ supergraph, sources, authorization: { decidePolicies } });
  const told = new Map<DocumentNode, Told>();
  const tell = (document: DocumentNode): Told => {
    const known = told.get(document);
    if (known !== undefined) return known;
    const own = asker?.().tell(document) ?? { document, denied: new Set(), without: document };
    told.set(document, own);
    return own;
  };
  const plainMonolith = serveMonolith(schema, store, (nodes) =>
    [...told.values()].some(({ denied }) => denied.size > 0 && nodes.every((node) => denied.has(node))),
  );
  /** Asks what the caller is told. */
  const monolith: Monolith = {
    execute: (document, ...more) => plainMonolith.execute(tell(document).document, ...more),
    executeInParts: (document, ...more) => plainMonolith.executeInParts(tell(document).document, ...more),
    reasons: (document, ...more) => plainMonolith.reasons(tell(atOnce(document)).document, ...more),
  };
  const open =
    asker === undefined
      ? undefined
      : createExecutor({ supergraph: { ...supergraph, requirements: new Map() }, sources });
  /** What was asked for that would not have been without the fields that are denied. */
  async function leaks({ document, variables, context }: Asked): Promise<string | undefined> {
    if (open === undefined) return undefined;
    const asked = coordinatesOf(recording.sent, store.world);
    recording.sent.length = 0;
    await open.execute({ document: tell(document).without, variables, context });
    const allowed = coordinatesOf(recording.sent, store.world);
    const leaked = [...asked].filter((one) => {
      const [type = '', field = ''] = one.split('.');
      // What may be read is at times asked for by another type.
      return !allowed.has(one) && asker?.().isDenied(type, field) === true;
    });
    return leaked.length === 0 ? undefined : `leak: ${leaked.join(', ')} was asked for`;
  }

  const reasonsFor = async ({ errors }: ExecutionResult, { document, variables }: Asked, event?: Thing) =>
    errors === undefined ? new Set<string>() : monolith.reasons(document, variables, event);

  /** An answer an event. */
  async function checkEvents(request: Asked): Promise<Outcome> {
    const isOrdered = isOrderKept(print(request.document));
    const results = await collect(await executor.subscribe(request));
    let outcome: Outcome = { failure: undefined, sent: [], result: {}, expected: {} };
    for (let n = 0; n < EVENTS && outcome.failure === undefined; n += 1) {
      const event = eventOf(n);
      const expected = plain(await monolith.execute(request.document, request.variables, event));
      const reasons = await reasonsFor(expected, request, event);
      // Where the one that is down would push, nothing comes at all.
      if (store.doubts > 0 || (options.down !== undefined && results.length === 1)) break;
      const result = results[n] as ExecutionResult | undefined;
      const failure =
        recording.breaches[0] ??
        (result === undefined
          ? `events: expected ${EVENTS}, found ${results.length}`
          : compareAnswers(result, expected, { isOrdered, reasons }));
      outcome = { failure, sent: [...recording.sent], result: result ?? {}, expected };
    }
    return outcome;
  }

  /** What a client has when all parts have come. */
  async function checkParts(request: Asked): Promise<Outcome> {
    let outcome: Outcome = { failure: undefined, sent: [], result: {}, expected: {} };
    // In the format of 2022 one key may come twice; where it is denied in one part and not in the other, the later one counts.
    for (const format of asker === undefined ? FORMATS : FORMATS.slice(0, 1)) {
      const expected = merged(await monolith.executeInParts(request.document, request.variables, format));
      // graphql-js itself at times announces a part of a list's item before the item.
      if (typeof expected === 'string') break;
      const reasons = await reasonsFor(expected, request);
      if (store.doubts > 0) break;
      const parts = await collect(await executor.executeInParts(request, format));
      // Parts cost more to plan than the whole, which is compared by itself.
      if (parts[0]?.errors?.[0]?.extensions?.['code'] === 'PLANNING_BUDGET_EXCEEDED') break;
      const result = merged(parts);
      if (typeof result === 'string') return { ...outcome, failure: `parts: ${result}` };
      const failure = recording.breaches[0] ?? compareAnswers(result, expected, { isOrdered: false, reasons });
      outcome = { failure, sent: [...recording.sent], result, expected };
      if (failure !== undefined) break;
    }
    return outcome;
  }

  return {
    supergraph,
    schema,
    async check(document, variables = {}) {
      told.clear();
      store.doubts = 0;
      store.done.length = 0;
      recording.breaches.length = 0;
      recording.sent.length = 0;
      const text = print(document);
      const caller = asker?.().caller;
      const request = { document, variables, context: { headers: new Headers(), overrideLabels, caller } };
      if (IN_PARTS.test(text)) return checkParts(request);
      if (getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION) return checkEvents(request);
      const isOrdered = isOrderKept(text);
      const expected = plain(await monolith.execute(document, variables));
      const done = [...store.done];
      const reasons = await reasonsFor(expected, request);
      // What another plan would have answered says nothing.
      if (store.doubts > 0) return { failure: undefined, sent: [], result: expected, expected };
      let failure: string | undefined;
      let result: ExecutionResult = {};
      for (let n = 0; n < EXECUTIONS; n += 1) {
        recording.sent.length = 0;
        store.done.length = 0;
        result = plain(await executor.execute(request));
        const [breach] = recording.breaches;
        // Where one that may not be null fails, one server does not go on.
        if (
          options.down === undefined &&
          (done.some((one, at) => store.done[at] !== one) ||
            (expected.errors === undefined && store.done.length > done.length))
        )
          failure ??= `order: expected ${done.join(', ')}, done ${store.done.join(', ')}`;
        failure ??= breach ?? compareAnswers(result, expected, { isOrdered, reasons });
        if (failure !== undefined) break;
      }
      failure ??= await leaks(request);
      return { failure, sent: [...recording.sent], result, expected };
    },
  };
}

/** Whether the operation may be asked at all. */
export function isValid(schema: GraphQLSchema, document: DocumentNode): boolean {
  return validate(schema, document).length === 0;
}

/** Of a field that several selections name, the gateway keeps the first one's place even where a variable leaves that one out. */
function isOrderKept(text: string): boolean {
  return !/@(skip|include)\(if: \$/.test(text);
}

/** What all parts come to, or in words why they cannot be merged. */
function merged(parts: readonly Part[]): ExecutionResult | string {
  try {
    return inOne(parts);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return `${error.message} in ${JSON.stringify(parts)}`;
  }
}

function inOne(parts: readonly Part[]): ExecutionResult {
  const { data, errorPaths } = mergeParts(parts);
  const errors = errorPaths.map((path) => ({ message: '', path: JSON.parse(path) ?? undefined }));
  return plain({ data, ...(errors.length === 0 ? {} : { errors }) });
}

function plain(result: unknown): ExecutionResult {
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}
