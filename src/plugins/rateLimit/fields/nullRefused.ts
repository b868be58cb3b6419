import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
} from 'graphql';
import type { GatewayError } from '../../../errors/GatewayError.ts';
import { toGraphQLError } from '../../../errors/toGraphQLError.ts';
import type { LimitedField } from './findLimited.ts';
import { createContains, fieldsAt, type Level, levelBelow, type Reading, readFragments } from './selections.ts';
import type { Pruned } from './withoutFields.ts';

export interface Refusal {
  readonly field: LimitedField;
  readonly error: GatewayError;
}

export interface Nulling {
  readonly schema: GraphQLSchema;
  readonly pruned: Pruned;
  /** Of the pruned document. */
  readonly operation: OperationDefinitionNode;
  readonly refusals: readonly Refusal[];
}

type Path = readonly (string | number)[];

/** What is reached from one level, by response key. */
interface Fields {
  readonly fields: ReadonlyMap<string, { readonly type: GraphQLOutputType; readonly below: Reached }>;
}
interface Reached {
  readonly level: Level;
  read?: Fields;
}

/**
 * Answers of the pruned document as the client reads them: null with an error in each place of a refused field, and what must not be null is null
 * further up. Results may be shared with other requests: they are not changed.
 */
export function createNulling({
  schema,
  pruned,
  operation,
  refusals,
}: Nulling): (result: ExecutionResult) => ExecutionResult {
  const { markers } = pruned;
  const fragments = readFragments(pruned.document);
  const reading: Reading = { schema, fragments, isIncluded: () => true };
  const contains = createContains(fragments, ({ alias }) => markers.has(alias?.value ?? ''));
  const refusalOf = new Map(
    refusals.flatMap((refusal) => [...refusal.field.nodes.keys()].map((node) => [node, refusal] as const)),
  );
  const root = schema.getRootType(operation.operation);
  const top: Reached = { level: root == null ? [] : [{ set: operation.selectionSet, parent: root }] };

  const read = (reached: Reached): Fields => {
    if (reached.read !== undefined) return reached.read;
    const fields = new Map<string, { type: GraphQLOutputType; below: Reached }>();
    for (const [key, selected] of fieldsAt(reached.level, reading)) {
      const level = levelBelow(selected);
      const [first] = selected;
      if (first !== undefined && level.some(({ set }) => contains(set)))
        fields.set(key, { type: first.definition.type, below: { level } });
    }
    reached.read = { fields };
    return reached.read;
  };

  return (result) => {
    if (result.data === undefined || result.data === null) return result;
    const errors: GraphQLError[] = [];
    const ofObject = (value: Readonly<Record<string, unknown>>, reached: Reached, path: Path): object | null => {
      const { fields } = read(reached);
      const answer: Record<string, unknown> = {};
      const refused = new Set<string>();
      for (const [key, item] of Object.entries(value)) {
        const marker = markers.get(key);
        if (marker !== undefined) {
          const { name, node } = marker;
          answer[name] = null;
          const refusal = refusalOf.get(node);
          if (refused.has(name) || refusal === undefined) continue;
          refused.add(name);
          errors.push(
            toGraphQLError(refusal.error, {
              nodes: [node],
              path: [...path, name],
              source: undefined,
              positions: undefined,
            }),
          );
          if (isNonNullType(refusal.field.nodes.get(node)?.type)) return null;
          continue;
        }
        if (refused.has(key)) continue;
        const inner = fields.get(key);
        answer[key] =
          inner === undefined ? item : ofValue(item, inner.type, { reached: inner.below, path: [...path, key] });
        if (answer[key] === null && item !== null && inner !== undefined && isNonNullType(inner.type)) return null;
      }
      return answer;
    };
    const ofValue = (value: unknown, type: GraphQLOutputType, at: { reached: Reached; path: Path }): unknown => {
      if (value === null || value === undefined) return value;
      const nullable = getNullableType(type);
      if (!isListType(nullable)) return ofObject(value as Readonly<Record<string, unknown>>, at.reached, at.path);
      const items: unknown[] = [];
      for (const [index, item] of (value as readonly unknown[]).entries()) {
        const next = ofValue(item, nullable.ofType, { reached: at.reached, path: [...at.path, index] });
        if (next === null && item !== null && isNonNullType(nullable.ofType)) return null;
        items.push(next);
      }
      return items;
    };
    const data = ofObject(result.data, top, []) as Record<string, unknown> | null;
    return errors.length === 0
      ? { ...result, data }
      : { ...result, data, errors: [...(result.errors ?? []), ...errors] };
  };
}
