import { type ServiceError, status } from '@grpc/grpc-js';
import { GatewayError } from '../../errors/GatewayError.ts';
import { timedOut, unreachable } from '../../upstream/toUpstreamError.ts';

/** The `GatewayError` of an rpc that ended with a status other than OK. `timeout` in milliseconds. */
export function toGrpcError(subgraph: string, timeout: number, error: ServiceError): GatewayError {
  switch (error.code) {
    // Calls that the gateway itself cancels never get here: the backend has broken this one off.
    case status.CANCELLED:
      return unreachable(subgraph, 'the connection broke', error);
    case status.UNAVAILABLE:
      // Words of node:http2 for a peer whose bytes are not HTTP/2.
      return /\bprotocol error\b/i.test(error.details)
        ? notGrpc(subgraph, error)
        : unreachable(subgraph, 'the connection was refused or broke', error);
    case status.DEADLINE_EXCEEDED:
      return timedOut(subgraph, timeout);
    case status.RESOURCE_EXHAUSTED:
      // Words of grpc-js itself; of a peer that speaks no gRPC the first bytes are read as a length.
      return error.details.startsWith('Received message larger than max')
        ? notGrpc(subgraph, error)
        : refused(subgraph, error);
    default:
      return refused(subgraph, error);
  }
}

function refused(subgraph: string, error: ServiceError): GatewayError {
  const name = status[error.code] ?? 'UNKNOWN';
  const message = error.details === '' ? `Subgraph "${subgraph}" answered ${name}.` : error.details;
  return new GatewayError('SUBGRAPH_ERROR', message, {
    subgraph,
    extensions: { grpc: { status: name } },
    cause: error,
  });
}

function notGrpc(subgraph: string, cause: ServiceError): GatewayError {
  const message = `Subgraph "${subgraph}" sent an answer that is not gRPC, or too large.`;
  return new GatewayError('SUBGRAPH_INVALID_RESPONSE', message, { subgraph, cause });
}
