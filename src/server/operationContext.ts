import type { Config } from '../config/Config.ts';
import type { Exchange } from '../context.ts';
import type { HeaderReader } from '../execute/Source.ts';
import type { OpenContext } from '../plugins/GatewayPlugin.ts';
import type { Transport } from '../plugins/TransportContext.ts';
import { clientAddress } from './http/clientAddress.ts';

/** The part of Node's sockets that every one of them has. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
}

export interface OperationContextInput {
  readonly headers: HeaderReader;
  /** Path and query. */
  readonly target: string | undefined;
  /** Absent where the request came over none of ours. */
  readonly connection: Connection | undefined;
  /** Where the request may have several operations. */
  readonly exchange?: Exchange | undefined;
  /** Where those of its request are noted. */
  readonly operations?: OpenContext['operations'];
  /** Aborted when the client has left, or the operation is given up; absent where that is said later, by `attend`. */
  readonly left?: AbortController | undefined;
  readonly kind: 'http' | 'ws';
  readonly readOnly: boolean;
  readonly streams: boolean;
  readonly incremental?: Transport['incremental'];
}

/** The context that every lane starts an operation with. A client asks for the plan with the header `weft-plan: 1`. */
export function operationContext(
  input: OperationContextInput,
  config: Pick<Config, 'expose_plan' | 'trusted_hops'>,
): OpenContext {
  const { headers, target, connection, exchange, operations, left, kind, readOnly, streams, incremental } = input;
  const context: OpenContext = {
    headers,
    target,
    clientAddress: () => clientAddress(headers, connection?.remoteAddress, config.trusted_hops),
    connection,
    exchange,
    operations,
    exposePlan: config.expose_plan && headers.get('weft-plan') === '1',
    transport: { kind, readOnly, streams, incremental },
  };
  if (left !== undefined) attend(context, left);
  return context;
}

/** From here on the operation can be given up. */
export function attend(context: OpenContext, left: AbortController): void {
  context.signal = left.signal;
  context.giveUp = (reason) => left.abort(reason);
}
