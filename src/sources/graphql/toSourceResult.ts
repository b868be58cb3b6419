import { GatewayError } from '../../errors/GatewayError.ts';
import type { SourceError, SourceResult } from '../../execute/Source.ts';

/**
 * Checks the shape of a GraphQL response (section "Response" of the specification) and takes what the executor reads.
 * `errors: null` is read as no errors, because servers send it. Throws SUBGRAPH_INVALID_RESPONSE.
 */
export function toSourceResult(subgraph: string, response: unknown): SourceResult {
  if (!isObject(response)) {
    throw invalid(subgraph, `an object was expected, ${describe(response)} came`);
  }
  const data = response['data'];
  const errors = response['errors'] ?? undefined;
  if (data !== undefined && data !== null && !isObject(data)) {
    throw invalid(subgraph, `"data" must be an object or null, ${describe(data)} came`);
  }
  if (errors === undefined) {
    if (data === undefined || data === null) {
      throw invalid(subgraph, 'it has neither data nor errors');
    }
    return { data };
  }
  const sourceErrors = toSourceErrors(subgraph, errors);
  if (sourceErrors.length === 0 && !isObject(data)) {
    throw invalid(subgraph, 'it has neither data nor errors');
  }
  return data === undefined ? { errors: sourceErrors } : { data, errors: sourceErrors };
}

/** Checks a list of errors. Throws SUBGRAPH_INVALID_RESPONSE. */
export function toSourceErrors(subgraph: string, errors: unknown): SourceError[] {
  if (!Array.isArray(errors)) {
    throw invalid(subgraph, `"errors" must be a list, ${describe(errors)} came`);
  }
  return errors.map((error: unknown) => {
    const message = isObject(error) ? error['message'] : undefined;
    if (!isObject(error) || typeof message !== 'string') {
      throw invalid(subgraph, 'each of "errors" must be an object with a "message"');
    }
    const { path, extensions } = error;
    return {
      message,
      ...(isPath(path) ? { path } : {}),
      ...(isObject(extensions) ? { extensions } : {}),
    };
  });
}

function isPath(value: unknown): value is (string | number)[] {
  return Array.isArray(value) && value.every((step) => typeof step === 'string' || typeof step === 'number');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (value === null) {
    return 'null';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function invalid(subgraph: string, reason: string): GatewayError {
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${subgraph}" sent an answer that is not GraphQL: ${reason}.`,
    {
      subgraph,
    },
  );
}
