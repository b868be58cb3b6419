import { GatewayError } from '../../errors/GatewayError.ts';
import type { OperationParams } from '../../plugins/GatewayPlugin.ts';
import { decodeParams } from './decodeParams.ts';

/** The parameters of a GET request. Empty ones count as absent; foreign ones (a cache buster, say) are left alone. */
export function decodeQueryString(parameters: URLSearchParams): OperationParams {
  return decodeParams({
    query: parameters.get('query'),
    documentId: parameters.get('documentId'),
    operationName: parameters.get('operationName') || null,
    variables: readJson('variables', parameters.get('variables')),
    extensions: readJson('extensions', parameters.get('extensions')),
  });
}

function readJson(name: string, text: string | null): unknown {
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError('BAD_REQUEST', `The parameter "${name}" is not valid JSON.`);
  }
}
