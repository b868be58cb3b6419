import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';

/** The one root field of a subscription and its arguments. Throws a `GatewayError` where they do not fit the schema. */
export function readSubscription(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): { readonly field: string; readonly args: Readonly<Record<string, unknown>> } {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const node = operation === undefined ? undefined : findField(document, operation.selectionSet);
  const field = node === undefined ? undefined : schema.getSubscriptionType()?.getFields()[node.name.value];
  if (operation === undefined || node === undefined || field === undefined) {
    throw new GatewayError('GRAPHQL_VALIDATION_FAILED', 'The subscription selects no field of this subgraph.');
  }
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (values.errors !== undefined) {
    throw new GatewayError('BAD_USER_INPUT', values.errors[0]?.message ?? 'A variable has a value of another type.');
  }
  try {
    return { field: field.name, args: { ...getArgumentValues(field, node, values.variableValues) } };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new GatewayError('BAD_USER_INPUT', error.message, { cause: error });
  }
}

function findField(document: DocumentNode, { selections }: SelectionSetNode): FieldNode | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      return selection;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find(
            (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
          );
    const found =
      fragment !== undefined && 'selectionSet' in fragment && fragment.selectionSet !== undefined
        ? findField(document, fragment.selectionSet)
        : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
