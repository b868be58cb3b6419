import type { Socket } from 'node:net';

/** Calls `act` once the client at the other end, which masks its frames, has sent the message `subscribe`. */
export function whenSubscribed(socket: Socket, act: () => void): void {
  let bytes = Buffer.alloc(0);
  const hear = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    if (!textsOf(bytes).some((text) => text.includes('"subscribe"'))) return;
    socket.off('data', hear);
    act();
  };
  socket.on('data', hear);
}

/** Of the frames that are complete; none is longer than 65,535 bytes (RFC 6455, 5.2). */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const extra = short === 126 ? 2 : 0;
    const mask = at + 2 + extra;
    if (mask > bytes.length) break;
    const start = mask + 4;
    const end = start + (extra === 0 ? short : bytes.readUInt16BE(at + 2));
    if (end > bytes.length) break;
    const payload = Buffer.from(bytes.subarray(start, end));
    for (let n = 0; n < payload.length; n += 1) payload[n] = (payload[n] ?? 0) ^ (bytes[mask + (n % 4)] ?? 0);
    texts.push(payload.toString());
    at = end;
  }
  return texts;
}
