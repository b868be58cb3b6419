import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Subscriber {
  /** The text of the next event's message, or undefined after so many milliseconds. */
  next(patience: number): Promise<string | undefined>;
  close(): Promise<void>;
}

/** One client with one subscription over graphql-transport-ws. Messages are read when they come: what lies unread is the gateway's memory. */
export async function openSubscriber(url: string, query: string): Promise<Subscriber> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  const texts: string[] = [];
  let wake: (() => void) | undefined;
  const acknowledged = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      const text = String(data);
      // The type may stand anywhere; only the few messages that are no event are read as JSON here.
      if (text.includes('"type":"next"')) {
        texts.push(text);
        wake?.();
        return;
      }
      const { type } = JSON.parse(text) as { readonly type: string };
      if (type === 'connection_ack') resolve();
      else if (type === 'ping') socket.send('{"type":"pong"}');
      else if (type === 'error' || type === 'complete') reject(new Error(text.slice(0, 200)));
    });
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`The connection was closed with ${code}.`)));
  });
  acknowledged.catch(() => {});
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await acknowledged;
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  return {
    async next(patience) {
      if (texts.length === 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patience);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      return texts.shift();
    },
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const gone = once(socket, 'close');
      socket.close(1000);
      await gone;
    },
  };
}
