import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';

/** Closes with 4403. A reason has 123 bytes at most (RFC 6455, 5.5). */
export function closeForbidden(socket: WebSocket, reason: string): void {
  socket.close(CloseCode.Forbidden, reason.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 123));
}

/** Node fires a timer of more milliseconds at once. */
const LONGEST_TIMER = 2_147_483_647;

/** Closes with 4403 at `time`, milliseconds since 1970. */
export function closeForbiddenAt(socket: WebSocket, time: number, reason: string): void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = time - Date.now();
    if (left > 0) timer = setTimeout(wait, Math.min(left, LONGEST_TIMER));
    else closeForbidden(socket, reason);
  };
  wait();
  socket.once('close', () => clearTimeout(timer));
}
