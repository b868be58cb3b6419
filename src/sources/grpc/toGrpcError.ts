import { type ServiceError, status } from '@grpc/grpc-js';
import { GatewayError } from '../../errors/GatewayError.ts';
import { timedOut, unreachable } from '../../upstream/toUpstreamError.ts';

/** The `GatewayError` of an rpc that ended with a status other than OK. `timeout` in milliseconds. */
export function toGrpcError(subgraph: string, timeout: number, error: ServiceError): GatewayError {
  switch (error.code) {
    // Calls that the gateway itself cancels never get here: the backend has broken this one off.
    case status.CANCELLED:
    case status.UNAVAILABLE:
      return unreachable(subgraph, 'the connection was refused or broke', error);
    case status.DEADLINE_EXCEEDED:
      return timedOut(subgraph, timeout);
    default: {
      const name = status[error.code] ?? 'UNKNOWN';
      const message = error.details === '' ? `Subgraph "${subgraph}" answered ${name}.` : error.details;
      return new GatewayError('SUBGRAPH_ERROR', message, {
        subgraph,
        extensions: { grpc: { status: name } },
        cause: error,
      });
    }
  }
}
