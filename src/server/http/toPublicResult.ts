import type { ExecutionResult, GraphQLError } from 'graphql';

/** What `extensions.http` of a request error may ask for; never sent in the body. */
export interface HttpWishes {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export function httpWishes(error: GraphQLError | undefined): HttpWishes {
  const http = error?.extensions?.['http'];
  return typeof http === 'object' && http !== null ? (http as HttpWishes) : {};
}

/**
 * The result as clients read it. Request errors (no `data`, no path) carry instructions for the HTTP layer in `extensions.http`, which are taken off;
 * with a path, `http` is a fact about a subgraph's answer and stays.
 */
export function toPublicResult(result: ExecutionResult): ExecutionResult {
  if (
    result.errors === undefined ||
    result.errors.every((error) => error.path !== undefined || error.extensions?.['http'] === undefined)
  )
    return result;
  return { ...result, errors: result.errors.map(withoutWishes) };
}

function withoutWishes(error: GraphQLError): GraphQLError {
  if (error.path !== undefined || error.extensions?.['http'] === undefined) return error;
  const { http: _http, ...extensions } = error.extensions;
  const { message, locations } = error;
  return { message, ...(locations === undefined ? {} : { locations }), extensions } as unknown as GraphQLError;
}
