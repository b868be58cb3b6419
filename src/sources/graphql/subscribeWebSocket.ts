import { validateHeaderName, validateHeaderValue } from 'node:http';
import { createClient } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';
import type { SourceRequest } from '../../execute/Source.ts';
import { unreachable } from '../../upstream/toUpstreamError.ts';
import type { SubscriptionSink, UpstreamSubscription } from './openSubscription.ts';
import { toSourceErrors, toSourceResult } from './toSourceResult.ts';
import { toWebSocketError } from './toWebSocketError.ts';

export interface WebSocketTarget {
  readonly subgraph: string;
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** Sent with the handshake and as the payload of `connection_init`, because servers read the one or the other. */
  readonly headers: Readonly<Record<string, string>>;
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

const maxPayload = 64 * 1024 * 1024;

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
  if (!isConnectable(target)) {
    sink.end({ error: unreachable(subgraph, 'the request has a header or an address that cannot be sent') });
    return { resume: () => undefined, stop: () => undefined };
  }
  let socket: WebSocket | undefined;
  let pongIsDue = false;
  let pongTimer: NodeJS.Timeout | undefined;
  const fail = (reason: unknown): void => sink.end({ error: toWebSocketError(target, reason) });

  const awaitPong = (): void => {
    clearTimeout(pongTimer);
    pongTimer = setTimeout(() => {
      // While the reader is behind, the pong waits unread in the socket.
      if (socket?.isPaused === false) {
        fail('quiet');
      }
    }, keepAlive.timeout);
  };

  class Socket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, toSocketOptions(target));
      socket = this;
    }
  }

  const client = createClient({
    url: target.url,
    webSocketImpl: Socket,
    connectionParams: { ...target.headers },
    connectionAckWaitTimeout: target.timeout,
    retryAttempts: 0,
    keepAlive: keepAlive.interval,
    on: {
      closed: fail,
      error: fail,
      ping(received) {
        if (!received) {
          pongIsDue = true;
          awaitPong();
        }
      },
      pong(received) {
        if (received) {
          pongIsDue = false;
          clearTimeout(pongTimer);
        }
      },
    },
  });
  const unsubscribe = client.subscribe(
    { query: request.operation.document, variables: JSON.parse(request.variables) },
    {
      next(payload) {
        attempt(sink, () => sink.push(toSourceResult(subgraph, payload)));
        if (sink.isFull()) {
          socket?.pause();
        }
      },
      error(reason) {
        if (!Array.isArray(reason)) {
          fail(reason);
          return;
        }
        attempt(sink, () => sink.push({ errors: toSourceErrors(subgraph, reason) }));
        sink.end();
      },
      complete: () => sink.end(),
    },
  );
  return {
    resume() {
      if (socket?.isPaused === true) {
        socket.resume();
        if (pongIsDue) {
          awaitPong();
        }
      }
    },
    stop() {
      clearTimeout(pongTimer);
      if (socket?.isPaused === true) {
        socket.resume();
      }
      unsubscribe();
      endClient(client, socket);
    },
  };
}

/** Checked before, because what a socket's constructor throws inside the client is a rejection that nobody can handle. */
function isConnectable({ url, headers }: WebSocketTarget): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    const { protocol, hash } = new URL(url);
    return (protocol === 'ws:' || protocol === 'wss:') && hash === '';
  } catch {
    return false;
  }
}

function toSocketOptions(target: WebSocketTarget): ClientOptions & { readonly closeTimeout: number } {
  // A dead backend never answers the closing handshake; the default keeps the socket for 30 seconds.
  return { headers: target.headers, maxPayload, handshakeTimeout: target.timeout, closeTimeout: 1000 };
}

/** A result of the wrong shape ends the subscription with the error that says so. */
function attempt(sink: SubscriptionSink, take: () => void): void {
  try {
    take();
  } catch (error) {
    sink.end({ error });
  }
}

/** `dispose` also keeps the client from reconnecting after a normal closure. */
function endClient(client: ReturnType<typeof createClient>, socket: WebSocket | undefined): void {
  Promise.resolve(client.dispose()).catch(() => undefined);
  if (socket?.readyState === WebSocket.CONNECTING) {
    socket.on('error', () => undefined);
    socket.terminate();
  } else {
    socket?.close(1000, 'Normal Closure');
  }
}
