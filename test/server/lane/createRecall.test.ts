import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ExecutionResult, parse } from 'graphql';
import { withFreshness } from '../../../src/execute/freshness.ts';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import type { ServedSnapshot, SnapshotOperation } from '../../../src/plugins/ServedSnapshot.ts';
import { createGateway } from '../../../src/server/createGateway.ts';
import { createRecall } from '../../../src/server/lane/createRecall.ts';
import { until } from '../../support/until.ts';

const QUERY = 'query A { number } query B { other: number }';
const document = parse(QUERY);
const freshness = { stored: 0, expires: 1_000, isPrivate: false, tags: [], hits: 1, misses: 0 };
const answer = withFreshness({ data: { number: 1 } }, freshness);

function snapshotOf(recalled: ExecutionResult | undefined) {
  const asked: SnapshotOperation[] = [];
  const recall = (operation: SnapshotOperation) => {
    asked.push(operation);
    return recalled;
  };
  return { asked, snapshot: { recall } as Partial<ServedSnapshot> as ServedSnapshot };
}

describe('the way to an answer that is remembered', () => {
  it('hands the document, the name and the variables on', () => {
    const { asked, snapshot } = snapshotOf(answer);
    const recall = createRecall({ frontDoor: {}, plugins: [], current: () => snapshot });
    const context = { headers: new Headers() };
    const params = { query: QUERY, operationName: 'B', variables: { a: 1 } };
    assert.equal(recall?.find(params, context), undefined);
    assert.equal(asked.length, 0);
    recall?.note(params, { document, snapshot, result: answer });
    assert.equal(recall?.find(params, context), answer);
    assert.deepEqual(asked, [{ document, operationName: 'B', variables: { a: 1 }, context }]);
  });

  it('is not noted for an answer that is not to be remembered', () => {
    const { snapshot } = snapshotOf(answer);
    const recall = createRecall({ frontDoor: {}, plugins: [], current: () => snapshot });
    recall?.note({ query: QUERY }, { document, snapshot, result: { data: { number: 1 } } });
    assert.equal(recall?.find({ query: QUERY }, { headers: new Headers() }), undefined);
  });

  it('is forgotten with the generation of the graph', () => {
    const old = snapshotOf(answer);
    let current = old.snapshot;
    const recall = createRecall({ frontDoor: {}, plugins: [], current: () => current });
    recall?.note({ query: QUERY }, { document, snapshot: current, result: answer });
    current = snapshotOf(answer).snapshot;
    assert.equal(recall?.find({ query: QUERY }, { headers: new Headers() }), undefined);
    assert.equal(old.asked.length, 0);
  });

  it('holds no generation but the one that was noted last', async () => {
    let { snapshot: current } = snapshotOf(answer);
    const old = new WeakRef(current);
    const recall = createRecall({ frontDoor: {}, plugins: [], current: () => current });
    recall?.note({ query: QUERY }, { document, snapshot: current, result: answer });
    current = snapshotOf(answer).snapshot;
    recall?.note({ query: '{ number }' }, { document, snapshot: current, result: answer });
    // An answer of the old one that comes late.
    recall?.note({ query: '{ other }' }, { document, snapshot: snapshotOf(answer).snapshot, result: answer });
    assert.equal(recall?.find({ query: '{ other }' }, { headers: new Headers() }), undefined);
    assert.equal(recall?.find({ query: '{ number }' }, { headers: new Headers() }), answer);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    await until(() => {
      collect();
      return old.deref() === undefined;
    });
  });

  it('is there only where no plugin has to see each operation', () => {
    const { snapshot } = snapshotOf(answer);
    const current = () => snapshot;
    const before: GatewayPlugin = { onParams() {} };
    const during: GatewayPlugin = { onParams() {}, onExecute() {} };
    const told: unknown[] = [];
    const teller: GatewayPlugin = { onExecute() {}, onRecalled: (event) => void told.push(event.result) };
    assert.equal(createRecall({ frontDoor: { rateLimit: during }, plugins: [], current }), undefined);
    assert.equal(createRecall({ frontDoor: {}, plugins: [before], current }), undefined);
    const recall = createRecall({ frontDoor: { authentication: before, cacheHeaders: teller }, plugins: [], current });
    recall?.note({ query: QUERY }, { document, snapshot, result: answer });
    recall?.find({ query: QUERY }, { headers: new Headers() });
    assert.deepEqual(told, [answer]);
  });
});

describe('a gateway that remembers whole answers', () => {
  it('tells an unknown operation of a document that it knows', async (t) => {
    const { post, asked } = await start(t);
    const first = await post({ query: QUERY, operationName: 'A' });
    assert.deepEqual(first, { data: { number: 1 } });
    assert.deepEqual(await post({ query: QUERY, operationName: 'A' }), first);
    assert.deepEqual(await post({ query: QUERY, operationName: 'B' }), { data: { other: 1 } });
    for (const operationName of ['C', undefined]) {
      const { errors } = (await post({ query: QUERY, operationName })) as { errors: { extensions: object }[] };
      assert.deepEqual(errors[0]?.extensions, { code: 'OPERATION_RESOLUTION_FAILED' });
    }
    assert.equal(asked(), 1);
  });

  it('lets a plugin of its embedder see each operation', async (t) => {
    const seen: unknown[] = [];
    const { post, asked } = await start(t, [{ onExecute: ({ args }) => void seen.push(args.operationName) }]);
    for (let n = 0; n < 3; n += 1) await post({ query: QUERY, operationName: 'A' });
    assert.deepEqual(seen, ['A', 'A', 'A']);
    assert.equal(asked(), 1);
  });

  it('answers other variables with other answers', async (t) => {
    const { post, asked } = await start(t);
    const query = 'query ($skip: Boolean!) { number @skip(if: $skip) __typename }';
    for (let n = 0; n < 2; n += 1) {
      assert.deepEqual(await post({ query, variables: { skip: false } }), {
        data: { number: 1, __typename: 'Query' },
      });
      assert.deepEqual(await post({ query, variables: { skip: true } }), { data: { __typename: 'Query' } });
      const { errors } = (await post({ query, variables: { skip: 1 } })) as { errors: { extensions: object }[] };
      assert.deepEqual(errors[0]?.extensions, { code: 'BAD_USER_INPUT' });
    }
    assert.equal(asked(), 1);
  });
});

async function start(t: TestContext, plugins: readonly GatewayPlugin[] = []) {
  let count = 0;
  const fetchNumber = async () => {
    count += 1;
    return { data: { number: 1 } };
  };
  const gateway = await createGateway({
    subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { number: Int }' } }],
    response_cache: { subgraph: { all: { ttl: '1h' } } },
    sources: { a: { name: 'a', visible: () => '', fetch: fetchNumber } },
    state_directory: '/nonexistent',
    port: 0,
    plugins,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  t.after(() => gateway.close());
  const { url } = await gateway.listen();
  const post = async (body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    return errors === undefined ? { data } : { errors };
  };
  return { post, asked: () => count };
}
