import { GatewayError } from '../../errors/GatewayError.ts';
import type { HttpAnswer } from '../../upstream/HttpClient.ts';
import type { Endpoint } from './Endpoint.ts';
import { asText, isNode } from './Spec.ts';

/** The value of an endpoint's root field. Throws SUBGRAPH_HTTP_ERROR (with the problem document) or SUBGRAPH_INVALID_RESPONSE. */
export function readRestAnswer(subgraph: string, endpoint: Endpoint, { status, headers, body }: HttpAnswer): unknown {
  const type = String(headers['content-type'] ?? '');
  const isJson = /^application\/([\w.+-]+\+)?json\b/i.test(type);
  if (status < 200 || status > 299) {
    if (status === 404 && endpoint.isNullOn404) {
      return null;
    }
    throw toHttpError(subgraph, status, isJson ? tryParse(body) : undefined);
  }
  if (endpoint.isEmpty) {
    return true;
  }
  if (body.length === 0) {
    return null;
  }
  if (!isJson) {
    throw invalid(subgraph, `answered the content type "${type}", expected JSON`);
  }
  try {
    return parse(body);
  } catch (cause) {
    throw invalid(subgraph, 'answered broken JSON', cause);
  }
}

function toHttpError(subgraph: string, status: number, problem: unknown): GatewayError {
  const fields = isNode(problem) ? problem : {};
  const message = [asText(fields['title']), asText(fields['detail'])].filter((text) => text !== undefined).join(': ');
  return new GatewayError('SUBGRAPH_HTTP_ERROR', message || `Subgraph "${subgraph}" answered the status ${status}.`, {
    subgraph,
    extensions: { http: { status }, ...(problem === undefined ? {} : { problem }) },
  });
}

function tryParse(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Integers beyond 2^53 stay text, so that no digit is lost. */
function parse(text: string): unknown {
  if (!/\d{16}/.test(text)) {
    return JSON.parse(text);
  }
  const keepDigits = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source ?? '')
      ? context.source
      : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

function invalid(subgraph: string, what: string, cause?: unknown): GatewayError {
  return new GatewayError('SUBGRAPH_INVALID_RESPONSE', `Subgraph "${subgraph}" ${what}.`, { subgraph, cause });
}
