import type { GatewayContext } from '../context.ts';
import type { IncrementalFormat } from '../execute/createExecutor.ts';

/** How the operation came in. Facts that plugins need before the context is built. */
export interface Transport {
  readonly kind: 'http' | 'ws';
  /** Mutations come by POST (or WebSocket) only. */
  readonly readOnly: boolean;
  /** Whether the client reads streams: SSE, multipart, or a WebSocket. */
  readonly streams: boolean;
  /** How the client reads an answer in parts; undefined where it reads one result only. */
  readonly incremental?: IncrementalFormat | undefined;
}

/** The context while the gateway's own plugins act. */
export interface TransportContext extends GatewayContext {
  readonly transport?: Transport | undefined;
  /** Gives the operation up: aborts `signal` with this reason. */
  readonly giveUp?: ((reason: unknown) => void) | undefined;
  /** As the client sent them; under this name because it is Yoga's. */
  readonly params?:
    | {
        readonly operationName?: string | undefined;
        readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
      }
    | undefined;
}
