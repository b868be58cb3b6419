import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  valueFromASTUntyped,
} from 'graphql';
import type { Charge, Limiter, Taken } from '../Limiter.ts';
import type { Asked, Limits } from '../Limits.ts';
import { refusal } from '../refusal.ts';
import { findLimited, type LimitedField } from './findLimited.ts';
import { createNulling, type Refusal } from './nullRefused.ts';
import { type Pruned, withoutFields } from './withoutFields.ts';

export interface FieldsAsked {
  readonly fields: Limits['fields'];
  readonly asked: Asked;
  readonly document: DocumentNode;
  readonly schema: GraphQLSchema;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Runs the operation without the fields that are refused; undefined where none is. */
export type RunWithout = (run: (args: ExecutionArgs) => unknown) => (args: ExecutionArgs) => Promise<unknown>;

/** Charges each limited field by itself. Rejects where the root field of a subscription is refused: there would be nothing to subscribe to. */
export function limitFields(limiter: Limiter, asking: FieldsAsked): undefined | Promise<RunWithout | undefined> {
  if (asking.fields.size === 0) return undefined;
  const found = foundIn(asking);
  return found.length === 0 ? undefined : takeAll(limiter, asking, found);
}

async function takeAll(
  limiter: Limiter,
  asking: FieldsAsked,
  found: readonly LimitedField[],
): Promise<RunWithout | undefined> {
  const { document, schema, operationName } = asking;
  const charged = found.map((field) => ({ field, charges: chargesOf(field, asking) }));
  const judged = await Promise.all(
    charged.map(async ({ field, charges }) => ({ field, charges, taken: await take(limiter, charges) })),
  );
  const refusals = judged.flatMap(({ field, charges, taken }): Refusal[] =>
    taken.allowed ? [] : [{ field, error: refusal(charges, taken.standings, { isPart: true }) }],
  );
  if (refusals.length === 0) return undefined;
  const isSubscription = getOperationAST(document, operationName)?.operation === 'subscription';
  const dead = isSubscription ? judged.find(({ field, taken }) => field.isOfRoot && !taken.allowed) : undefined;
  if (dead !== undefined) throw refusal(dead.charges, dead.taken.standings);
  const pruned = prunedOf(document, refusals);
  const operation = getOperationAST(pruned.document, operationName);
  if (operation == null) return undefined;
  const nulled = createNulling({ schema, pruned, operation, refusals });
  return (run) => async (args) => {
    const result = await run({ ...args, document: pruned.document });
    return isStream(result) ? mapped(result, nulled) : nulled(result as ExecutionResult);
  };
}

function take(limiter: Limiter, charges: readonly Charge[]): Taken | Promise<Taken> {
  return charges.length === 0 ? { allowed: true, standings: [] } : limiter.take(charges);
}

function chargesOf({ limits, times, nodes }: LimitedField, { asked, variables }: FieldsAsked): Charge[] {
  const charges: Charge[] = [];
  const [node] = nodes.keys();
  const args = Object.fromEntries(
    (node?.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })]),
  );
  for (const charge of limits) charge({ ...asked, args }, charges);
  return charges.map((charge) => ({ ...charge, quantity: charge.quantity * times }));
}

interface Found {
  readonly schema: GraphQLSchema;
  readonly byName: Map<string, readonly LimitedField[]>;
}

/** Of documents whose limited fields hang on no variable: nearly all. */
const known = new WeakMap<Limits['fields'], WeakMap<DocumentNode, Found>>();

function foundIn({ fields, document, schema, operationName, variables }: FieldsAsked): readonly LimitedField[] {
  const byDocument = known.get(fields) ?? new WeakMap<DocumentNode, Found>();
  known.set(fields, byDocument);
  const entry = byDocument.get(document);
  const earlier = entry?.schema === schema ? entry.byName.get(operationName ?? '') : undefined;
  if (earlier !== undefined) return earlier;
  const operation = getOperationAST(document, operationName);
  if (operation == null) return [];
  const found = findLimited({ document, operation, schema, variables, limits: fields });
  if (/@(?:skip|include)\b/.test(document.loc?.source.body ?? '@skip')) return found;
  const byName = entry?.schema === schema ? entry.byName : new Map<string, readonly LimitedField[]>();
  byDocument.set(document, { schema, byName: byName.set(operationName ?? '', found) });
  return found;
}

/** Pruned documents of one document: plans are kept by their identity. */
const pruneds = new WeakMap<DocumentNode, Map<string, Pruned>>();
const MOST_PRUNED = 16;

function prunedOf(document: DocumentNode, refusals: readonly Refusal[]): Pruned {
  const byPlaces = pruneds.get(document) ?? new Map<string, Pruned>();
  pruneds.set(document, byPlaces);
  const nodes = new Set(refusals.flatMap(({ field }) => [...field.nodes.keys()]));
  const key = [...nodes].map(({ loc }) => loc?.start ?? -1).join();
  const found = byPlaces.get(key);
  if (found !== undefined) return found;
  const pruned = withoutFields(document, nodes);
  if (byPlaces.size === MOST_PRUNED) byPlaces.delete(byPlaces.keys().next().value ?? '');
  byPlaces.set(key, pruned);
  return pruned;
}

function isStream(result: unknown): result is AsyncIterable<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

function mapped(
  results: AsyncIterable<ExecutionResult>,
  map: (result: ExecutionResult) => ExecutionResult,
): AsyncIterable<ExecutionResult> {
  const inner = results[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const step = await inner.next();
        return step.done === true ? step : { done: false, value: map(step.value) };
      },
      async return() {
        await inner.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
