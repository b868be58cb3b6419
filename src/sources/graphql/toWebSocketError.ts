import { GatewayError } from '../../errors/GatewayError.ts';
import { timedOut, toUpstreamError, unreachable } from '../../upstream/toUpstreamError.ts';

/** The `GatewayError` of a socket that failed: a close event, an error event, an error, or `'quiet'` for a pong that did not come. */
export function toWebSocketError(
  target: { readonly subgraph: string; readonly timeout: number },
  reason: unknown,
): GatewayError {
  const { subgraph, timeout } = target;
  if (reason === 'quiet') {
    return unreachable(subgraph, 'it no longer answers pings');
  }
  if (!(reason instanceof Error) && isObject(reason) && typeof reason['code'] === 'number') {
    return closedError(subgraph, timeout, reason['code'], String(reason['reason'] ?? ''));
  }
  const error = isObject(reason) && reason['error'] instanceof Error ? reason['error'] : reason;
  if (!(error instanceof Error)) {
    return unreachable(subgraph, 'the connection failed', reason);
  }
  if (/handshake has timed out/i.test(error.message)) {
    return timedOut(subgraph, timeout);
  }
  const status = /Unexpected server response: (\d+)/.exec(error.message)?.[1];
  if (status !== undefined) {
    return new GatewayError('SUBGRAPH_HTTP_ERROR', `Subgraph "${subgraph}" answered with HTTP status ${status}.`, {
      subgraph,
      extensions: { http: { status: Number(status) } },
      cause: error,
    });
  }
  const code = 'code' in error ? String(error.code) : undefined;
  // Errors without a code are those of graphql-ws about a message that is none of the protocol's.
  if (code === undefined || code.startsWith('WS_ERR')) {
    return new GatewayError(
      'SUBGRAPH_INVALID_RESPONSE',
      `Subgraph "${subgraph}" does not keep to graphql-transport-ws.`,
      { subgraph, cause: error },
    );
  }
  return toUpstreamError(subgraph, error);
}

function closedError(subgraph: string, timeout: number, code: number, reason: string): GatewayError {
  if (code === 4504) {
    return timedOut(subgraph, timeout);
  }
  if (code === 1006) {
    return unreachable(subgraph, 'the connection broke');
  }
  return unreachable(subgraph, `it closed the connection with code ${code}${reason === '' ? '' : ` (${reason})`}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
