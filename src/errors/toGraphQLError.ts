import { GraphQLError } from 'graphql';
import type { GatewayError } from './GatewayError.ts';

/** The form in which a `GatewayError` goes to a client. `at` places it in the document or the answer. */
export function toGraphQLError(
  error: GatewayError,
  at?: Pick<GraphQLError, 'nodes' | 'source' | 'positions' | 'path'>,
): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions: { ...error.extensions },
    originalError: error,
  });
}
