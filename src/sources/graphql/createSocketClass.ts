import { type ClientOptions, WebSocket } from 'ws';
import { type ClientTls, tlsOptions } from '../../upstream/credentials/Credentials.ts';

const maxPayload = 64 * 1024 * 1024;

interface SocketOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly tls?: ClientTls | undefined;
}

/**
 * The WebSocket class that a graphql-ws client makes its sockets of: with request headers and deadlines, which the client cannot set.
 * `onOpening` gets each socket when it begins to connect. `timeout` is that of the handshake, in milliseconds.
 */
export function createSocketClass(
  { headers, timeout, tls }: SocketOptions,
  onOpening: (socket: WebSocket) => void,
): new (
  address: string | URL,
  protocols?: string | string[],
) => WebSocket {
  // A dead backend never answers the closing handshake; the default keeps its socket for 30 seconds.
  const options: ClientOptions & { readonly closeTimeout: number } = {
    headers,
    maxPayload,
    handshakeTimeout: timeout,
    closeTimeout: 1000,
    ...(tls === undefined ? {} : tlsOptions(tls)),
  };
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, options);
      onOpening(this);
    }
  };
}
