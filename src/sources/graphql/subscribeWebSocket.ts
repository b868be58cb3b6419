import { createClient, type Sink } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { SourceRequest, SourceResult } from '../../execute/Source.ts';
import type { ClientTls } from '../../upstream/credentials/Credentials.ts';
import { unreachable } from '../../upstream/toUpstreamError.ts';
import type { SubgraphCredentials } from '../credentials/SubgraphCredentials.ts';
import { createPongWatch } from './createPongWatch.ts';
import { createSocketClass } from './createSocketClass.ts';
import { endSocket } from './endSocket.ts';
import { isConnectable } from './isConnectable.ts';
import type { SubscriptionSink, UpstreamSubscription } from './openSubscription.ts';
import { toSourceErrors, toSourceResult } from './toSourceResult.ts';
import { toWebSocketError } from './toWebSocketError.ts';

export interface WebSocketTarget {
  readonly subgraph: string;
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** Sent with the handshake. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload of `connection_init`: the same, because servers read the one or the other. */
  readonly initHeaders: Readonly<Record<string, string>>;
  readonly tls?: ClientTls | undefined;
  readonly signOperation?: SubgraphCredentials['signOperation'];
  /** The backend does not take the credentials. */
  readonly onRefused?: (() => void) | undefined;
  /** Milliseconds for the handshake, and again for the acknowledgement. */
  readonly timeout: number;
  readonly keepAlive: KeepAlive;
}

export interface KeepAlive {
  /** Milliseconds of quiet after which a ping is sent. */
  readonly interval: number;
  /** Milliseconds that the pong may take; then the backend counts as dead. */
  readonly timeout: number;
}

/**
 * One subscription over graphql-transport-ws, on a socket of its own: its headers are one client's, and what breaks breaks alone.
 * Never reconnects: events would be lost without a word.
 */
export function subscribeWebSocket(
  target: WebSocketTarget,
  request: SourceRequest,
  sink: SubscriptionSink,
): UpstreamSubscription {
  const { subgraph, keepAlive } = target;
  if (!isConnectable(target.url, target.headers)) {
    sink.end({ error: unreachable(subgraph, 'the request has a header or an address that cannot be sent') });
    return { resume: () => undefined, stop: () => undefined };
  }
  let socket: WebSocket | undefined;
  const fail = (reason: unknown): void => {
    if (isRefusal(reason)) target.onRefused?.();
    sink.end({ error: toWebSocketError(target, reason) });
  };
  const pongs = createPongWatch(keepAlive.timeout, () => {
    // While the reader is behind, the pong waits unread in the socket.
    if (socket?.isPaused === false) {
      fail('quiet');
    }
  });
  const client = createClient({
    url: target.url,
    webSocketImpl: createSocketClass(target, (opened) => {
      socket = opened;
    }),
    connectionParams: { ...target.initHeaders },
    connectionAckWaitTimeout: target.timeout,
    retryAttempts: 0,
    keepAlive: keepAlive.interval,
    on: { closed: fail, error: fail, ping: pongs.onPing, pong: pongs.onPong },
  });
  const { document } = request.operation;
  const signed = target.signOperation?.(document, request.variables);
  const extensions = signed === undefined ? {} : { extensions: JSON.parse(signed) as Record<string, unknown> };
  const payload = { query: document, variables: JSON.parse(request.variables), ...extensions };
  const unsubscribe = client.subscribe(payload, toResultSink(subgraph, sink, { fail, onFull: () => socket?.pause() }));
  return {
    resume() {
      if (socket?.isPaused === true) {
        socket.resume();
        pongs.restart();
      }
    },
    stop() {
      pongs.stop();
      unsubscribe();
      // Also keeps the client from reconnecting after a normal closure.
      Promise.resolve(client.dispose()).catch(() => undefined);
      endSocket(socket);
    },
  };
}

/** Of the handshake (401), or by a code of graphql-transport-ws. */
function isRefusal(reason: unknown): boolean {
  if (typeof reason !== 'object' || reason === null) return false;
  if ('code' in reason && (reason.code === 4401 || reason.code === 4403)) return true;
  return 'message' in reason && /\b401$/.test(String(reason.message));
}

function toResultSink(
  subgraph: string,
  sink: SubscriptionSink,
  on: { readonly fail: (reason: unknown) => void; readonly onFull: () => void },
): Sink<unknown> {
  return {
    next(result) {
      push(sink, () => toSourceResult(subgraph, result));
      if (sink.isFull()) {
        on.onFull();
      }
    },
    error(reason) {
      if (Array.isArray(reason)) {
        push(sink, () => ({ errors: toSourceErrors(subgraph, reason) }));
        sink.end();
      } else {
        on.fail(reason);
      }
    },
    complete: () => sink.end(),
  };
}

/** A result of the wrong shape ends the subscription with the error that says so. */
function push(sink: SubscriptionSink, read: () => SourceResult): void {
  try {
    sink.push(read());
  } catch (error) {
    sink.end({ error });
  }
}
