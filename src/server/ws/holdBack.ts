import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Bytes that may wait for a client; answers of usual size never come near. */
const MOST_UNREAD = 1_048_576;

/**
 * Nothing more is read of a client while it does not read what waits for it: each message, and each ping, makes an answer that would wait too.
 * One that never reads leaves the pings of graphql-ws unanswered, and is cut by that.
 */
export function holdBack(client: WebSocket, carrier: Duplex): void {
  const look = (): void => {
    if (client.bufferedAmount <= MOST_UNREAD || client.isPaused) return;
    client.pause();
    carrier.once('drain', () => client.resume());
  };
  client.on('message', look);
  client.on('ping', look);
}
