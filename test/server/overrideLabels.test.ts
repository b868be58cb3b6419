import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { createGateway, type Plugin, type Source } from '../../src/index.ts';

const link = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${names}])`;
const ORDERS = `${link('"@key"')} type Query { order: Order } type Order @key(fields: "id") { id: ID! status: String }`;
const SHIPPING = `${link('"@key", "@override"')} type Order @key(fields: "id") { id: ID! status: String @override(from: "orders", label: "moved") }`;

/** Each answers with its own name. */
const sources: Record<string, Source> = {
  orders: { name: 'orders', fetch: async () => ({ data: { order: { id: '1', status: 'orders' } } }) },
  shipping: { name: 'shipping', fetch: async () => ({ data: { _entities: [{ status: 'shipping' }] } }) },
};

it('labels are decided by the configuration, taken over by a reload, and by plugins on both lanes', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'weft-labels-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'orders.graphql'), ORDERS);
  await writeFile(join(directory, 'shipping.graphql'), SHIPPING);
  const configFile = join(directory, 'weft.config.yaml');
  const configure = (rule: string) =>
    writeFile(
      configFile,
      `port: 0
subgraphs:
  - { name: orders, url: "http://127.0.0.1:9/", schema: orders.graphql }
  - { name: shipping, url: "http://127.0.0.1:9/", schema: shipping.graphql }
override_labels: { moved: ${rule} }
`,
    );
  await configure('{ header: x-canary, equals: "yes" }');
  const plugin: Plugin = {
    onContextBuilding({ context, extendContext }) {
      const headers = (context as { headers?: Headers }).headers;
      if (headers?.get('x-pinned') === 'old') extendContext({ overrideLabels: { moved: false } } as never);
    },
  };
  const log = { info() {}, warn() {}, error() {} };
  const gateway = await createGateway({ configFile, sources, plugins: [plugin], log });
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const owner = async (headers: Readonly<Record<string, string>> = {}) => {
    // A GET goes through Yoga, a plain POST takes the fast lane.
    const query = '{ order { status } }';
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    };
    const answers = [
      await (await fetch(url, init)).json(),
      await (
        await fetch(`${url}?query=${encodeURIComponent(query)}`, {
          headers: { accept: 'application/json', ...headers },
        })
      ).json(),
    ] as { data: { order: { status: string } } }[];
    assert.deepEqual(answers[0], answers[1]);
    return answers[0]?.data.order.status;
  };
  assert.equal(await owner(), 'orders');
  assert.equal(await owner({ 'x-canary': 'yes' }), 'shipping');
  assert.equal(await owner({ 'x-canary': 'no' }), 'orders');
  await configure('true');
  await gateway.reload('a new rule');
  assert.equal(await owner(), 'shipping');
  assert.equal(await owner({ 'x-pinned': 'old' }), 'orders');
});
