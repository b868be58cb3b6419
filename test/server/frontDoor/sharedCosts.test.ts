import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { createGateway } from '../../../src/index.ts';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';
import { until } from '../../support/until.ts';
import { askCosts } from '../support/askCosts.ts';

/** A gateway over one subgraph that holds its answers back until so many clients ask. */
async function start(t: TestContext, more: object = {}) {
  const held: ServerResponse[] = [];
  const asked: string[] = [];
  const { url } = await serveHttp(t, async (request, response) => {
    asked.push(await text(request));
    held.push(response);
  });
  const gateway = await createGateway({
    subgraphs: [{ name: 'numbers', url, schema: { sdl: 'type Query { number: Number } type Number { value: Int }' } }],
    demand_control: { mode: 'measure', expose: true },
    state_directory: '/nonexistent',
    log: { info() {}, warn() {}, error() {} },
    ...more,
  } as never);
  t.after(() => gateway.close());
  const ask = async (query: string) => {
    const { data, extensions } = await askCosts(gateway, query);
    assert.deepEqual(data, { number: { value: 1 } });
    return extensions.cost.subgraphs;
  };
  const release = () => {
    for (const response of held) response.end('{"data":{"number":{"value":1}}}');
  };
  return { ask, asked, release };
}

const ONCE = { numbers: { estimated: 1, actual: 1, calls: 1 } };

describe('the cost of what several ask for at a time', { timeout: 20_000 }, () => {
  it('is that of the first one: of those who share its answer none is asked for anything', async (t) => {
    const { ask, asked, release } = await start(t, { traffic_shaping: { all: { deduplicate_query: false } } });
    const answers = [ask('{ number { value } }'), ask('{ number { value } }')];
    await until(() => asked.length === 1);
    release();
    assert.deepEqual(await Promise.all(answers), [ONCE, {}]);
    assert.equal(asked.length, 1);
  });

  it('is that of the first one where they share a request of the subgraph alone', async (t) => {
    const { ask, asked, release } = await start(t, { traffic_shaping: { router: { deduplicate_query: false } } });
    const answers = [ask('{ number { value } }'), ask('{ number { value } }')];
    await until(() => asked.length === 1);
    release();
    assert.deepEqual(await Promise.all(answers), [ONCE, {}]);
    assert.equal(asked.length, 1);
  });
});
