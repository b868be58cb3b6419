import type { ExecutionResult, GraphQLError } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { SourceError, SourceResult } from '../../execute/Source.ts';

/** The result of graphql-js as a source's: errors with codes, and plain objects, which V8 reads and prints faster than those without a prototype. */
export function toSourceResult(subgraph: string, { data, errors }: ExecutionResult): SourceResult {
  const plain = data === undefined || data === null ? data : (toPlain(data) as Record<string, unknown>);
  const part = plain === undefined ? {} : { data: plain };
  return errors === undefined ? part : { ...part, errors: errors.map((error) => toSourceError(subgraph, error)) };
}

function toSourceError(subgraph: string, error: GraphQLError): SourceError {
  const { message, originalError } = error;
  const path = error.path === undefined ? {} : { path: error.path };
  if (originalError instanceof GatewayError) {
    return { message: originalError.message, ...path, extensions: originalError.extensions };
  }
  const code = codeOf(error);
  // What is not graphql-js's own has words that no client was meant to read.
  const own = originalError === undefined || code !== 'INTERNAL_SERVER_ERROR';
  return { message: own ? message : 'Internal error.', ...path, extensions: { code, subgraph } };
}

export function codeOf({ message, path }: GraphQLError): string {
  if (path === undefined) {
    return 'BAD_USER_INPUT';
  }
  if (message.startsWith('Cannot return null')) {
    return 'NULL_VALUE';
  }
  return /cannot represent|Expected Iterable|Abstract type/.test(message) ? 'INVALID_VALUE' : 'INTERNAL_SERVER_ERROR';
}

export function toPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(toPlain);
  }
  const plain: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    plain[name] = toPlain(member);
  }
  return plain;
}
