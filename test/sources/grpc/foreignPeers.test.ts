import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import { toRequest } from '../contract.ts';
import { grpcContractSubject } from './grpcContractSubject.ts';

/** What listens on the port of the gRPC service, and how it shows. */
const peers: readonly { readonly what: string; readonly code: string; readonly server: () => Server }[] = [
  {
    what: 'a server that is silent',
    code: 'SUBGRAPH_TIMEOUT',
    server: () => createServer(),
  },
  {
    what: 'a server that sends noise',
    code: 'SUBGRAPH_INVALID_RESPONSE',
    server: () => createServer((socket) => void socket.on('error', () => {}).write('welcome!\r\n'.repeat(10))),
  },
  {
    what: 'an HTTP/1.1 server',
    code: 'SUBGRAPH_INVALID_RESPONSE',
    server: () => createHttp1Server((_request, response) => void response.end('<html>')),
  },
  {
    what: 'an HTTP/2 server of web pages',
    code: 'SUBGRAPH_INVALID_RESPONSE',
    server: () =>
      createHttp2Server((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<html>');
      }),
  },
  {
    what: 'a server that hangs up',
    code: 'SUBGRAPH_UNREACHABLE',
    server: () => createServer((socket) => void socket.on('error', () => {}).destroy()),
  },
];

async function connect(t: TestContext, server: Server) {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  const source = await grpcContractSubject.createSource(t, {
    name: 'things',
    url: `127.0.0.1:${port}`,
    timeout: 300,
    headers: { send: {}, propagate: [] },
  });
  t.after(() => source.close?.());
  return source;
}

for (const { what, code, server } of peers) {
  test(`A call to ${what} is ${code}.`, { timeout: 10_000 }, async (t) => {
    const source = await connect(t, server());
    const { query } = grpcContractSubject;
    const call = () => source.fetch(toRequest('query', query.document, { variables: query.variables }));
    // Two at a time: the end of one is no fault of the other.
    for (const { errors } of await Promise.all([call(), call()])) {
      assert.equal(errors?.[0]?.extensions?.['code'], code);
      assert.equal(errors[0].extensions['subgraph'], 'things');
    }
  });

  test(`A stream from ${what} ends with ${code}.`, { timeout: 10_000 }, async (t) => {
    const source = await connect(t, server());
    const document = grpcContractSubject.subscription?.document ?? '';
    const events = source.subscribe?.(toRequest('subscription', document))[Symbol.asyncIterator]();
    await assert.rejects(
      async () => events?.next(),
      (error) => error instanceof GatewayError && error.code === code,
    );
    assert.equal((await events?.next())?.done, true);
  });
}
