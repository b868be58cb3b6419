import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawSocket extends Disposable {
  readonly socket: Socket;
  /** All that has come since the handshake. */
  readonly received: Buffer;
  send(...frames: readonly Buffer[]): void;
  /** The code of the close frame when it has come; undefined where the connection has ended without one. */
  readonly closed: Promise<number | undefined>;
}

export interface FrameOptions {
  /** 1 text, 2 binary, 0 continuation, 8 close, 9 ping, 10 pong. */
  readonly opcode?: number;
  readonly last?: boolean;
  readonly masked?: boolean;
  /** Of the header; unless told that of the payload. */
  readonly length?: number;
  /** The three reserved bits. */
  readonly reserved?: number;
}

/** One WebSocket frame, right or wrong (RFC 6455, 5.2). */
export function frame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = 1, last = true, masked = true, reserved = 0 } = options;
  const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const size = options.length ?? data.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = (last ? 0x80 : 0) | (reserved << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  if (size < 126) head[1] = bit | size;
  else if (size < 65_536) {
    head[1] = bit | 126;
    head.writeUInt16BE(size, 2);
  } else {
    head[1] = bit | 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), data]);
}

/** Opens a WebSocket by hand, so that every byte behind is the attacker's. `lines` are more lines of the handshake. */
export async function openRawSocket(port: number, lines: readonly string[] = []): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const head = [
    'GET /graphql HTTP/1.1',
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.from('0123456789abcdef').toString('base64')}`,
    ...(lines.some((line) => line.toLowerCase().startsWith('sec-websocket-protocol'))
      ? []
      : ['Sec-WebSocket-Protocol: graphql-transport-ws']),
    ...lines,
  ];
  let received = Buffer.alloc(0);
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number | undefined>();
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk as Buffer]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0 || !received.subarray(0, 5).equals(Buffer.from('HTTP/'))) return;
    if (received.includes(' 101 ')) received = received.subarray(end + 4);
    opened.resolve();
  });
  socket.on('data', () => {
    const code = closeCodeOf(received);
    if (code !== undefined) closed.resolve(code);
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  ended.then(() => closed.resolve(closeCodeOf(received)));
  socket.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  await Promise.race([opened.promise, ended]);
  return {
    socket,
    get received() {
      return received;
    },
    send(...frames) {
      for (const one of frames) socket.write(one);
    },
    closed: closed.promise,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** Frames of a server are never masked. */
function closeCodeOf(bytes: Buffer): number | undefined {
  if (bytes.subarray(0, 5).toString() === 'HTTP/') return undefined;
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) return undefined;
    const size =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes[at] === 0x88)
      return size >= 2 && at + head + 2 <= bytes.length ? bytes.readUInt16BE(at + head) : undefined;
    at += head + size;
  }
  return undefined;
}
