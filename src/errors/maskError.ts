import { GraphQLError } from 'graphql';
import { GatewayError } from './GatewayError.ts';
import { toGraphQLError } from './toGraphQLError.ts';

/**
 * What a client may read of an error: `GatewayError`s, and `GraphQLError`s that were made on purpose (by parse, validation, coercion or a plugin).
 * Everything else becomes INTERNAL_SERVER_ERROR with one fixed sentence; `report` then gets the original for the log.
 */
export function maskError(error: unknown, report: (original: unknown) => void): GraphQLError {
  if (error instanceof GatewayError) return toGraphQLError(error);
  if (error instanceof GraphQLError) {
    const original = rootOf(error);
    if (original instanceof GraphQLError) return error;
    if (original instanceof GatewayError)
      return original === error.originalError && hasCode(error) ? error : toGraphQLError(original, error);
  }
  report(error);
  const placed = error instanceof GraphQLError ? error : undefined;
  return new GraphQLError('Unexpected error.', {
    nodes: placed?.nodes,
    source: placed?.source,
    positions: placed?.positions,
    path: placed?.path,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}

function hasCode(error: GraphQLError): boolean {
  return error.extensions['code'] !== undefined;
}

/** The innermost error; a `GraphQLError` that wraps nothing is its own root. */
function rootOf(error: GraphQLError): unknown {
  let current: unknown = error;
  while (current instanceof GraphQLError && current.originalError !== undefined && current.originalError !== null) {
    current = current.originalError;
  }
  return current;
}
