import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createGateway } from '../../src/index.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from './support/send.ts';

const SDL = 'type Query { slow: String quick: String } type Mutation { quick: String slow: String }';

/** A subgraph that answers what is quick, and never what is slow; with how often it was asked, and when a call to it was cut. */
async function startSubgraph() {
  const seen = { asked: 0 };
  const cut = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.asked += 1;
      const { query } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { query: string };
      if (!query.includes('slow')) response.end('{"data":{"quick":"done"}}');
    });
    response.on('close', () => {
      if (!response.writableFinished) cut.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    seen,
    cut: cut.promise,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the time of one operation', { timeout: 30_000 }, () => {
  for (const transport of transports) {
    it(`is bounded over ${transport.name}, and its calls are given up`, async () => {
      await using subgraph = await startSubgraph();
      const gateway = await createGateway({
        subgraphs: [{ name: 'a', url: subgraph.url, schema: { sdl: SDL } }],
        traffic_shaping: { router: { timeout: '200ms' } },
        port: 0,
        log: { info() {}, warn() {}, error() {} },
      });
      try {
        const { url } = await gateway.listen();
        const start = performance.now();
        const { status, body } = await transport.ask(url, {}, '{ slow }');
        assert.match(body, /OPERATION_TIMEOUT/);
        assert.doesNotMatch(body, /"data"/);
        if (transport.refusal === 401) assert.equal(status, 504);
        const took = performance.now() - start;
        assert.ok(took >= 190 && took < 5_000, `${took} ms`);
        await subgraph.cut;
        assert.equal(subgraph.seen.asked, 1);
        assert.match((await transport.ask(url, {}, '{ quick }')).body, /"quick":"done"/);
      } finally {
        await gateway.close();
      }
    });
  }

  it('lets a mutation tell what was done', async () => {
    await using subgraph = await startSubgraph();
    const gateway = await createGateway({
      subgraphs: [{ name: 'a', url: subgraph.url, schema: { sdl: SDL } }],
      additionalTypeDefs: 'extend type Mutation { here: String }',
      additionalResolvers: { Mutation: { here: () => 'written' } },
      traffic_shaping: { router: { timeout: 200 } },
      log: { info() {}, warn() {}, error() {} },
    });
    try {
      const { url } = await gateway.listen({ port: 0 });
      const headers = { 'content-type': 'application/json' };
      const { status, body } = await send(url, { headers, body: '{"query":"mutation { here slow }"}' });
      assert.equal(status, 200);
      assert.match(body, /"here":"written","slow":null/);
    } finally {
      await gateway.close();
    }
  });
});
