import { GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';

type Values = Readonly<Record<string, unknown>>;

export interface VariableValues {
  /** Coerced, with defaults. */
  readonly variables: Values;
  /** Coerced, those that the client sent. */
  readonly given: Values;
}

export interface ReadingVariables {
  readonly schema: GraphQLSchema;
  readonly hideSuggestions: boolean;
}

const NONE: VariableValues = { variables: {}, given: {} };

/** The values that a request gives to the variables of its operation, or BAD_USER_INPUT for each that is wrong. */
export function readVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  sent: Values | null | undefined,
  { schema, hideSuggestions }: ReadingVariables,
): VariableValues | { readonly errors: readonly GraphQLError[] } {
  if (variableDefinitions.length === 0) return NONE;
  const values = getVariableValues(schema, variableDefinitions, { ...sent }, { maxErrors: 50, hideSuggestions });
  if (values.variableValues === undefined) {
    return {
      errors: values.errors.map(
        (error) => new GraphQLError(error.message, { ...locate(error), extensions: { code: 'BAD_USER_INPUT' } }),
      ),
    };
  }
  const variables = values.variableValues.coerced;
  // Defaults stand in each document as they are written: read as JavaScript, a big integer would not survive.
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => sent?.[name] !== undefined));
  return { variables, given };
}

function locate(error: GraphQLError): { readonly nodes?: NonNullable<GraphQLError['nodes']> } {
  return error.nodes === undefined ? {} : { nodes: error.nodes };
}
