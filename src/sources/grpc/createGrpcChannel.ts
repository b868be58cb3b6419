import { type ChannelCredentials, Client, type ClientOptions, connectivityState, credentials } from '@grpc/grpc-js';
import type { ClientTls } from '../../upstream/credentials/Credentials.ts';

/** The connection to one gRPC backend. */
export interface GrpcChannel {
  /** For one call. */
  lease(): GrpcLease;
  close(): void;
}

export interface GrpcLease {
  readonly client: Client;
  isConnected(): boolean;
  /** Once, at the end of the call. After a failed one a channel without a connection is given up, so that the next call tries at once and not after a pause. */
  release(outcome: 'ended' | 'failed'): void;
}

interface Connection {
  readonly client: Client;
  leases: number;
}

const options: ClientOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

/** `url`: `host:port`, `grpc://host:port`, or `grpcs://host:port` for TLS. Connects with the first call. */
export function createGrpcChannel(url: string, tls?: ClientTls): GrpcChannel {
  const isSecure = /^(grpcs|https):/i.test(url);
  const address = url.replace(/^(grpcs?|https?):\/\//i, '').replace(/\/+$/, '');
  const name = tls?.servername;
  const own = name === undefined ? options : { ...options, 'grpc.ssl_target_name_override': name };
  const connect = (): Client => new Client(address, isSecure ? secured(tls) : credentials.createInsecure(), own);
  const connections = new Set<Connection>();
  let current: Connection | undefined;
  const open = (): Connection => {
    const connection = { client: connect(), leases: 0 };
    connections.add(connection);
    return connection;
  };
  const close = (connection: Connection): void => {
    connections.delete(connection);
    connection.client.close();
  };
  return {
    lease() {
      current ??= open();
      const connection = current;
      const { client } = connection;
      connection.leases += 1;
      const isConnected = (): boolean => client.getChannel().getConnectivityState(false) === connectivityState.READY;
      return {
        client,
        isConnected,
        release(outcome) {
          connection.leases -= 1;
          if (outcome === 'failed' && connection === current && !isConnected()) current = undefined;
          // Closing would fail the calls that still wait for a connection of their own.
          if (connection !== current && connection.leases === 0 && connections.has(connection)) close(connection);
        },
      };
    },
    close() {
      for (const connection of [...connections]) close(connection);
      current = undefined;
    },
  };
}

function secured({ ca, cert, key }: Partial<ClientTls> = {}): ChannelCredentials {
  const bytes = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
  return credentials.createSsl(bytes(ca), bytes(key), bytes(cert));
}
