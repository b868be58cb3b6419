import { GatewayError } from '../../errors/GatewayError.ts';
import type { SourceResult } from '../../execute/Source.ts';
import { toSourceResult } from './toSourceResult.ts';

/**
 * The GraphQL result in an HTTP answer. A GraphQL body counts whatever the status is; else the error is
 * SUBGRAPH_HTTP_ERROR (status not 2xx, it is in `extensions.http.status`) or SUBGRAPH_INVALID_RESPONSE.
 */
export function readGraphqlAnswer(subgraph: string, status: number, body: string): SourceResult {
  try {
    return toSourceResult(subgraph, parseJson(subgraph, body));
  } catch (error) {
    if (status >= 200 && status < 300) {
      throw error;
    }
    throw new GatewayError('SUBGRAPH_HTTP_ERROR', `Subgraph "${subgraph}" answered with HTTP status ${status}.`, {
      subgraph,
      extensions: { http: { status } },
      cause: error,
    });
  }
}

/** Rejects text that is not JSON with SUBGRAPH_INVALID_RESPONSE. */
export function parseJson(subgraph: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = text.trim() === '' ? 'an empty answer' : 'an answer that is not JSON';
    throw new GatewayError('SUBGRAPH_INVALID_RESPONSE', `Subgraph "${subgraph}" sent ${what}.`, { subgraph, cause });
  }
}
