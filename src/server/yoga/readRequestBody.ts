import { GatewayError } from '../../errors/GatewayError.ts';
import { tooLarge } from '../http/tooLarge.ts';

/** The whole body of a fetch-API request; rejects with PAYLOAD_TOO_LARGE past `limit` bytes. */
export async function readRequestBody(request: Request, limit: number): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      // Past the limit chunks are read and dropped: a socket closed on unread bytes is reset, and the client would never see the answer.
      if (size <= limit) chunks.push(chunk);
      else if (size > limit + LINGER) break;
    }
  } catch (cause) {
    // No fault of ours, and nobody reads it.
    throw new GatewayError('BAD_REQUEST', 'The request ended before its body was complete.', { cause });
  }
  if (size > limit) throw tooLarge(limit);
  return Buffer.concat(chunks, size);
}

/** Bytes past the limit that are still read for politeness. */
const LINGER = 4 * 1024 * 1024;
