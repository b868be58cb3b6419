import { WebSocket } from 'ws';

/** Closes a socket in whatever state it is; a paused one reads on, so that it sees the end. */
export function endSocket(socket: WebSocket | undefined): void {
  if (socket?.isPaused === true) {
    socket.resume();
  }
  if (socket?.readyState === WebSocket.CONNECTING) {
    socket.on('error', () => undefined);
    socket.terminate();
  } else {
    socket?.close(1000, 'Normal Closure');
  }
}
