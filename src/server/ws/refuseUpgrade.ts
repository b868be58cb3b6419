import type { Duplex } from 'node:stream';

/** Answers an upgrade request with plain HTTP and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  // A client that keeps its half open would hold the connection for ever: no timeout of the server is for what it has handed on.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
