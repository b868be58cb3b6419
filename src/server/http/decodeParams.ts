import { GatewayError } from '../../errors/GatewayError.ts';
import type { OperationParams } from '../../plugins/GatewayPlugin.ts';

const MEMBERS = new Set(['query', 'documentId', 'operationName', 'variables', 'extensions']);

/** The members of a GraphQL request; null counts as absent. Throws BAD_REQUEST with what was expected and what came. */
export function decodeParams(value: unknown): OperationParams {
  if (!isObject(value)) throw bad(`Expected a JSON object, got ${nameOf(value)}.`);
  for (const name of Object.keys(value)) {
    if (!MEMBERS.has(name))
      throw bad(
        `Unexpected member ${JSON.stringify(name.slice(0, 100))}; expected "query", "documentId", "operationName", "variables", "extensions".`,
      );
  }
  const { query, documentId, operationName, variables, extensions } = value;
  if (query != null && typeof query !== 'string') throw bad(`Expected "query" to be a string, got ${nameOf(query)}.`);
  if (documentId != null && typeof documentId !== 'string')
    throw bad(`Expected "documentId" to be a string, got ${nameOf(documentId)}.`);
  if (operationName != null && typeof operationName !== 'string')
    throw bad(`Expected "operationName" to be a string, got ${nameOf(operationName)}.`);
  if (variables != null && !isObject(variables))
    throw bad(`Expected "variables" to be an object, got ${nameOf(variables)}.`);
  if (extensions != null && !isObject(extensions))
    throw bad(`Expected "extensions" to be an object, got ${nameOf(extensions)}.`);
  // What most requests have, and no more.
  if (query && documentId == null && operationName == null && extensions == null)
    return variables == null ? { query } : { query, variables };
  return {
    ...(query == null || query === '' ? {} : { query }),
    ...(documentId == null || documentId === '' ? {} : { documentId }),
    ...(operationName == null ? {} : { operationName }),
    ...(variables == null ? {} : { variables }),
    ...(extensions == null ? {} : { extensions }),
  };
}

function bad(message: string): GatewayError {
  return new GatewayError('BAD_REQUEST', message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
