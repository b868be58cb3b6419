import { connect } from 'node:net';

/**
 * Writes these bytes, byte by byte as they are, ends its half of the connection and resolves with all that comes back until the other half
 * ends. Texts are latin1; several are several writes.
 */
export function sendBytes(port: number, ...texts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const text of texts) socket.write(text, 'latin1');
      socket.end();
    });
    socket.on('data', (chunk) => void chunks.push(chunk as Buffer));
    // A reset is an end like another.
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** The statuses of the answers in it, in their order. */
export function statusesOf(answers: string): number[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
