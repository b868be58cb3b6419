import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createGateway } from '../../src/index.ts';
import { send } from '../server/support/send.ts';
import { startShopBackends } from '../server/support/startShopBackends.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';

async function open(t: TestContext, subgraphs: object) {
  const state = await mkdtemp(join(tmpdir(), 'weft-attacks-'));
  t.after(() => rm(state, { recursive: true, force: true }));
  const log = { info() {}, warn() {}, error() {} };
  const gateway = await createGateway({ subgraphs, graphiql: false, state_directory: state, log } as Parameters<
    typeof createGateway
  >[0]);
  t.after(() => gateway.close());
  const { url } = await gateway.listen({ port: 0 });
  return async (body: string) => (await send(url, { headers: { 'content-type': 'application/json' }, body })).body;
}

// CVE-2026-32621 (Apollo Gateway): "__proto__" as an alias, in variables and in what a subgraph answers.
describe('names of Object.prototype', { timeout: 20_000 }, () => {
  it('are names like others in aliases, variables and fragments', async (t) => {
    const ask = await open(t, (await startShopBackends(t)).subgraphs);
    const aliases = '{ __proto__: product(upc: \\"p1\\") { constructor: upc stars __proto__: size { width } } }';
    assert.equal(
      await ask(`{"query":"${aliases}"}`),
      '{"data":{"__proto__":{"constructor":"p1","stars":3,"__proto__":{"width":1}}}}',
    );
    const inside = 'query($f: Filter) { reviewsOf(upc: \\"p1\\", filter: $f) { total } }';
    assert.match(await ask(`{"query":"${inside}","variables":{"f":{"__proto__":{"minimum":1}}}}`), /BAD_USER_INPUT/);
    assert.equal('minimum' in {} || 'width' in {}, false);
  });

  it('reach a subgraph as the name of a variable', async (t) => {
    const sent: string[] = [];
    const { url } = await serveHttp(t, async (request, response) => {
      for await (const chunk of request) sent.push(String(chunk));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"data":{"a":1}}');
    });
    const ask = await open(t, [{ name: 'a', url, schema: { sdl: 'input F { m: Int } type Query { a(f: F): Int }' } }]);
    const body = '{"query":"query($__proto__: F) { a(f: $__proto__) }","variables":{"__proto__":{"m":1}}}';
    assert.match(await ask(body), /"a":1/);
    assert.match(sent.join(''), /"__proto__":\{"m":1\}/);
  });

  it('in what a subgraph answers change nothing', async (t) => {
    const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"x":1}';
    const { url } = await serveHttp(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const errors = `[{"message":"m","path":["__proto__","a"],"extensions":${evil}}]`;
      response.end(`{"data":{"__proto__":{"polluted":1},"a":${evil}},"errors":${errors},"extensions":${evil}}`);
    });
    const ask = await open(t, [{ name: 'evil', url, schema: { sdl: 'type Query { a: A } type A { x: Int }' } }]);
    assert.match(await ask('{"query":"{ a { x } }"}'), /"x":1/);
    assert.equal('polluted' in {}, false);
  });
});
