import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Source, SourceRequest } from '../../../src/execute/Source.ts';
import { createFlights } from '../../../src/sources/createFlights.ts';
import { createSourceFactory } from '../../../src/sources/createSourceFactory.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import { toRequest } from '../contract.ts';
import { serveHttp } from './serveHttp.ts';

const createSource = await createSourceFactory(new Set(['graphql'] as const));

interface Held {
  /** Bodies that have arrived, in order; each is answered with its number by `release`. */
  readonly arrived: string[];
  readonly responses: ServerResponse[];
  release(): void;
  readonly source: Source;
}

/** A backend that holds every answer back until it is told. */
async function hold(t: TestContext, deduplicate = true): Promise<Held> {
  const arrived: string[] = [];
  const responses: ServerResponse[] = [];
  const { url } = await serveHttp(t, async (request, response) => {
    const number = arrived.push(await text(request));
    responses.push(response);
    response.once('release', () => response.end(JSON.stringify({ data: { number } })));
  });
  const http = createHttpClient();
  t.after(() => http.close());
  const source = createSource({
    name: 'things',
    url,
    definition: { source: { kind: 'graphql' } },
    headers: { send: {}, propagate: ['authorization'] },
    timeout: 5000,
    http,
    flights: createFlights(),
    deduplicate,
  });
  const release = () => {
    for (const response of responses) response.emit('release');
  };
  return { arrived, responses, release, source };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let n = 0; n < 500 && !isTrue(); n += 1) await wait(5);
  assert.ok(isTrue());
}

const read = (more: Partial<SourceRequest> = {}) => toRequest('query', '{ number }', more);
const numberOf = async (result: Promise<{ data?: unknown }>) => ((await result).data as { number: number }).number;

test('a reply says whether it was asked for by another', async (t) => {
  const { arrived, release, source } = await hold(t);
  const first = [source.fetch(read()), source.fetch(read())];
  await until(() => arrived.length === 1);
  release();
  const replies = await Promise.all(first);
  assert.deepEqual(
    replies.map(({ isShared }) => isShared),
    [undefined, true],
  );
});

test('equal reads under way are one request, and later ones another', async (t) => {
  const { arrived, release, source } = await hold(t);
  const reads = [source.fetch(read()), source.fetch(read()), source.fetch(read())];
  await until(() => arrived.length > 0);
  release();
  assert.deepEqual(await Promise.all(reads.map(numberOf)), [1, 1, 1]);
  const later = source.fetch(read());
  await until(() => arrived.length === 2);
  release();
  assert.equal(await numberOf(later), 2);
});

test('reads with other variables or of somebody else are requests of their own', async (t) => {
  const { arrived, release, source } = await hold(t);
  const as = (name: string) => ({ context: { headers: new Headers({ authorization: name }) } });
  const reads = [read(), read({ variables: '{"a":1}' }), read(as('one')), read(as('two')), read(as('two'))];
  const numbers = Promise.all(reads.map((request) => numberOf(source.fetch(request))));
  await until(() => arrived.length === 4);
  release();
  assert.equal(new Set(await numbers).size, 4);
});

test('what is read after a write joins no read that began before it', async (t) => {
  const { arrived, responses, release, source } = await hold(t);
  const before = source.fetch(read());
  await until(() => arrived.length === 1);
  const write = source.fetch(toRequest('mutation', 'mutation { number }'));
  await until(() => arrived.length === 2);
  const during = source.fetch(read());
  // The write ends while the read that began before it is still under way.
  responses[1]?.emit('release');
  await write;
  const after = source.fetch(read());
  await until(() => arrived.length === 3);
  release();
  assert.deepEqual(await Promise.all([before, during, after].map(numberOf)), [1, 1, 3]);
});

test('writes are never shared', async (t) => {
  const { arrived, release, source } = await hold(t);
  const writes = [1, 2].map(() => source.fetch(toRequest('mutation', 'mutation { number }')));
  await until(() => arrived.length === 2);
  release();
  assert.equal(new Set(await Promise.all(writes.map(numberOf))).size, 2);
});

test('who leaves, leaves alone; once all have left, the request is given up', async (t) => {
  const { arrived, responses, release, source } = await hold(t);
  const [first, second] = [new AbortController(), new AbortController()];
  const leaving = source.fetch(read({ signal: first.signal }));
  const staying = source.fetch(read({ signal: second.signal }));
  await until(() => arrived.length === 1);
  first.abort(new Error('gone'));
  await assert.rejects(leaving, /gone/);
  release();
  assert.equal(await numberOf(staying), 1);
  const [third, fourth] = [new AbortController(), new AbortController()];
  const both = [third, fourth].map(({ signal }) => source.fetch(read({ signal })));
  await until(() => responses.length === 2);
  const closed = once(responses[1] as ServerResponse, 'close');
  for (const one of [third, fourth]) one.abort(new Error('gone'));
  for (const one of both) await assert.rejects(one, /gone/);
  await closed;
});

test('nothing is shared where the configuration says so', async (t) => {
  const { arrived, release, source } = await hold(t, false);
  const reads = [1, 2].map(() => source.fetch(read()));
  await until(() => arrived.length === 2);
  release();
  assert.equal(new Set(await Promise.all(reads.map(numberOf))).size, 2);
});
