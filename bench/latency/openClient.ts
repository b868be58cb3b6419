import { connect } from 'node:net';

export interface Client {
  /** Resolves when the whole answer is there; rejects where it is none, or not 200. One at a time. */
  post(body: string): Promise<void>;
  close(): void;
}

/** One connection that does as little as a client can: its own time must not be taken for the gateway's. */
export function openClient(url: string): Client {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
  ];
  let settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  /** Bytes of the answer that are still to come; undefined before its head. */
  let left: number | undefined;
  socket.on('data', (chunk: Buffer) => {
    let size = chunk.length;
    if (left === undefined) {
      // Small enough to come whole with the first bytes.
      const end = chunk.indexOf('\r\n\r\n');
      const text = chunk.toString('latin1', 0, Math.max(end, 0));
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (end < 0 || length === undefined || !text.startsWith('HTTP/1.1 200')) {
        settle?.reject(new Error(`Not an answer: ${text.slice(0, 100)}`));
        socket.destroy();
        return;
      }
      left = Number(length);
      size -= end + 4;
    }
    left -= size;
    if (left > 0) return;
    left = undefined;
    settle?.resolve();
  });
  const fail = () => settle?.reject(new Error('The connection broke.'));
  socket.on('error', fail);
  socket.on('close', fail);
  return {
    post(body) {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(`${[...head, `content-length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
      });
    },
    close: () => socket.destroy(),
  };
}
