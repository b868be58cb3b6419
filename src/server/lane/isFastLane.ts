import type { IncomingMessage } from 'node:http';
import { negotiate } from '../http/negotiate.ts';

/** Plain POSTs whose answer is one JSON text. Everything else, and whoever could read a stream, goes through Yoga. */
export function isFastLane(request: IncomingMessage, path: string): boolean {
  if (request.method !== 'POST' || request.url === undefined) return false;
  if (request.url !== path && !request.url.startsWith(`${path}?`)) return false;
  const { json, stream } = negotiate(request.headers.accept ?? null);
  return json !== undefined && stream === undefined;
}
