import type { GatewayContext } from '../context.ts';

/** How the operation came in. Facts that plugins need before the context is built. */
export interface Transport {
  readonly kind: 'http' | 'ws';
  /** Mutations come by POST (or WebSocket) only. */
  readonly readOnly: boolean;
  /** Whether the client reads streams: SSE, multipart, or a WebSocket. */
  readonly streams: boolean;
}

/** The context while the gateway's own plugins act. */
export interface TransportContext extends GatewayContext {
  readonly transport?: Transport | undefined;
  /** As the client sent them; under this name because it is Yoga's. */
  readonly params?: { readonly operationName?: string | undefined } | undefined;
}
