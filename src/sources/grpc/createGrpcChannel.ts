import { Client, type ClientOptions, connectivityState, credentials } from '@grpc/grpc-js';

/** The connection to one gRPC backend. */
export interface GrpcChannel {
  client(): Client;
  /** After a failed call: a channel without a connection is given up, so that the next call tries at once and not after a pause. */
  renew(failed: Client): void;
  isConnected(client: Client): boolean;
  close(): void;
}

const options: ClientOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
};

/** `url`: `host:port`, `grpc://host:port`, or `grpcs://host:port` for TLS. Connects with the first call. */
export function createGrpcChannel(url: string): GrpcChannel {
  const isSecure = /^(grpcs|https):/i.test(url);
  const address = url.replace(/^(grpcs?|https?):\/\//i, '').replace(/\/+$/, '');
  const connect = (): Client =>
    new Client(address, isSecure ? credentials.createSsl() : credentials.createInsecure(), options);
  const isConnected = (client: Client): boolean =>
    client.getChannel().getConnectivityState(false) === connectivityState.READY;
  let current: Client | undefined;
  return {
    client() {
      current ??= connect();
      return current;
    },
    renew(failed) {
      if (failed === current && !isConnected(failed)) {
        current = undefined;
        failed.close();
      }
    },
    isConnected,
    close() {
      current?.close();
      current = undefined;
    },
  };
}
