import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { createGateway } from '../../src/index.ts';
import { transports } from '../plugins/authentication/support/transports.ts';
import { startShopBackends } from '../server/support/startShopBackends.ts';

const ROWS = 300;
const range = (size: number) => Array.from({ length: size }, (_, index) => index);
const fieldsOf = (row: number) => range(10).map((n) => `f${n}(a: Int): T${(row + n) % ROWS}`);
const LARGE = [
  `type Query { ${range(ROWS).map((row) => `t${row}: T${row}`)} }`,
  ...range(ROWS).map((row) => `type T${row} { ${fieldsOf(row)} }`),
].join('\n');

async function open(t: TestContext, input: object) {
  const state = await mkdtemp(join(tmpdir(), 'weft-attacks-'));
  t.after(() => rm(state, { recursive: true, force: true }));
  const subgraphs = [{ name: 'large', url: 'http://127.0.0.1:1', schema: { sdl: LARGE } }];
  const log = { info() {}, warn() {}, error() {} };
  const gateway = await createGateway({ subgraphs, graphiql: false, state_directory: state, log, ...input });
  t.after(() => gateway.close());
  return (await gateway.listen({ port: 0 })).url;
}

describe('introspection', { timeout: 40_000 }, () => {
  const many = range(70).map((n) => `a${n}: __schema { types { fields { type { name fields { name } } } } }`);
  const inside = range(100).map((n) => `a${n}: fields { type { name fields { name } } }`);
  for (const transport of transports.filter(({ name }) => !name.startsWith('multipart'))) {
    it(`cannot be multiplied by aliases, over ${transport.name}`, async (t) => {
      const url = await open(t, {});
      for (const query of [`{ ${many} }`, `{ __schema { types { ${inside} } } }`]) {
        const before = performance.now();
        const { body } = await transport.ask(url, { headers: { 'x-weft-csrf': '1' } }, query);
        assert.match(body, /ANSWER_TOO_LARGE/);
        // To make such an answer takes seconds.
        assert.ok(performance.now() - before < 2_000);
      }
    });
  }

  it('of a large graph is answered to tools all the same', async (t) => {
    const [fast] = transports;
    const { body } = (await fast?.ask(await open(t, {}), {}, getIntrospectionQuery())) ?? {};
    assert.equal((JSON.parse(body ?? '') as { errors?: unknown }).errors, undefined);
  });

  it('that is off leaves no suggestions in errors of variables either', async (t) => {
    const { subgraphs } = await startShopBackends(t);
    const asked = [
      ['query($f: Filter) { reviewsOf(upc: "p1", filter: $f) { total } }', { f: { minimun: 1 } }],
      ['query($c: Currency) { products { price(currency: $c) } }', { c: 'EURO' }],
    ] as const;
    for (const off of [{ introspection: false }, { authorization: { directives: { introspection: 'allowed' } } }]) {
      const url = await open(t, { subgraphs, ...off });
      for (const transport of transports)
        for (const [query, variables] of asked) {
          const { body } = await transport.ask(url, {}, query, variables);
          assert.match(body, /BAD_USER_INPUT/, transport.name);
          assert.doesNotMatch(body, /Did you mean|minimum|\bEUR\b/, transport.name);
        }
    }
  });
});
