import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';

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
export function toPublicResult(result: ExecutionResult): FormattedExecutionResult {
  if (result.errors === undefined) return result as FormattedExecutionResult;
  return { ...result, errors: result.errors.map(toPlain) } as FormattedExecutionResult;
}

/** Plain, because V8 recurses over all of an answer where one object in it has a `toJSON`: deep values of a subgraph would overflow the stack. */
function toPlain(error: GraphQLError): GraphQLFormattedError {
  const plain = error instanceof GraphQLError ? error.toJSON() : error;
  if (error.path !== undefined || error.extensions?.['http'] === undefined) return plain;
  const { http: _http, ...extensions } = error.extensions;
  const { message, locations } = plain;
  return { message, ...(locations === undefined ? {} : { locations }), extensions };
}
