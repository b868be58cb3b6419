import { isAscii } from 'node:buffer';
import { GatewayError } from '../../errors/GatewayError.ts';

/** `TextDecoder` drops a byte order mark by itself. */
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Bytes of a JSON body to its value. The message never repeats the body: it may hold secrets, and error pages get logged. */
export function decodeBody(bytes: Buffer): unknown {
  if (bytes.byteLength === 0)
    throw new GatewayError('BAD_REQUEST', 'The request body is empty; expected a JSON object with "query".');
  try {
    return JSON.parse(isAscii(bytes) ? bytes.toString('latin1') : decoder.decode(bytes));
  } catch {
    throw new GatewayError('BAD_REQUEST', 'The request body is not valid JSON.');
  }
}
