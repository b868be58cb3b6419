import errors from 'undici/lib/core/errors.js';
import { GatewayError } from '../errors/GatewayError.ts';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection broke before the answer was complete',
  ENOTFOUND: 'its host name was not found',
  EAI_AGAIN: 'its host name could not be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'no connection was made in time',
  ETIMEDOUT: 'no connection was made in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  EMFILE: 'no more connections can be opened',
  UND_ERR_CLOSED: 'the gateway has closed its connections',
  UND_ERR_DESTROYED: 'the gateway has closed its connections',
  UND_ERR_INVALID_ARG: 'the request has a header or an address that cannot be sent',
};

/** The `GatewayError` of a failed exchange: SUBGRAPH_UNREACHABLE, or SUBGRAPH_INVALID_RESPONSE where the peer does not speak HTTP. */
export function toUpstreamError(subgraph: string, error: unknown): GatewayError {
  const code = codeOf(error);
  if (
    error instanceof errors.HTTPParserError ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  ) {
    return new GatewayError(
      'SUBGRAPH_INVALID_RESPONSE',
      `Subgraph "${subgraph}" sent an answer that is not valid HTTP.`,
      {
        subgraph,
        cause: error,
      },
    );
  }
  const certificate = /CERT|SIGNATURE|^ERR_(TLS|SSL)/.test(code) ? 'its certificate was not accepted' : undefined;
  const reason = reasons[code] ?? certificate ?? 'the connection failed';
  return unreachable(subgraph, reason, error);
}

/** SUBGRAPH_UNREACHABLE with the reason in words. */
export function unreachable(subgraph: string, reason: string, cause?: unknown): GatewayError {
  return new GatewayError('SUBGRAPH_UNREACHABLE', `Subgraph "${subgraph}" cannot be reached: ${reason}.`, {
    subgraph,
    cause,
  });
}

/** `milliseconds` is the timeout that has passed. */
export function timedOut(subgraph: string, milliseconds: number): GatewayError {
  return new GatewayError('SUBGRAPH_TIMEOUT', `Subgraph "${subgraph}" did not answer within ${milliseconds} ms.`, {
    subgraph,
  });
}

/** Several addresses tried in a row fail with an `AggregateError`; a wrapped one has its code in `cause`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return '';
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '' && code !== 'UND_ERR_SOCKET') {
    return code;
  }
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return (inner === undefined ? '' : codeOf(inner)) || code;
}
