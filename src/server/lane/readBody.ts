import type { IncomingMessage } from 'node:http';
import { tooLarge } from '../http/tooLarge.ts';

/** The whole body; rejects with PAYLOAD_TOO_LARGE past `limit` bytes, whatever its headers said. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > limit) {
        request.removeAllListeners('data');
        // Read and forget the rest: a socket closed on unread bytes is reset, and the client would never see the answer.
        request.resume();
        reject(tooLarge(limit));
        return;
      }
      chunks.push(chunk);
    });
    // `once`: a listener that stays keeps the chunks, and took half as much memory again of a busy gateway.
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    request.once('error', reject);
    request.once('close', () => {
      if (!request.complete) reject(new Error('The client left before its request was complete.'));
    });
  });
}
