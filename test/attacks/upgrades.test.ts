import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { startTestGateway } from '../server/support/startTestGateway.ts';

describe('an upgrade that is refused', { timeout: 20_000 }, () => {
  for (const [name, lines] of Object.entries({
    'of another path': ['GET /nowhere HTTP/1.1', 'Host: a'],
    'from a foreign page': ['GET /graphql HTTP/1.1', 'Host: a', 'Origin: https://evil.example'],
    'without the headers of a WebSocket': ['GET /graphql HTTP/1.1', 'Host: a'],
  })) {
    it(`${name} is closed, though its client keeps its half open, and a stop does not wait for it`, async () => {
      await using test = await startTestGateway();
      const { hostname, port } = new URL(test.url);
      const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      socket.on('error', () => {});
      socket.write(`${lines.join('\r\n')}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      socket.resume();
      await once(socket, 'end');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      // What arrives at a closed connection is answered by a reset.
      const writing = setInterval(() => socket.write('x'), 10);
      try {
        await closed;
      } finally {
        clearInterval(writing);
      }
      await test.gateway.close();
    });
  }
});
