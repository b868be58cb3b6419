import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import type { Source, SourceRequest } from '../../src/execute/Source.ts';
import { reportFailures } from '../../src/server/reportFailures.ts';

const request: SourceRequest = {
  operation: { kind: 'query', document: '{ a }' },
  variables: '{}',
  context: { headers: new Headers() },
};

test('a subgraph that stops answering is told once, and once when it answers again', async () => {
  let isDown = false;
  const source: Source = {
    name: 'reviews',
    fetch: () =>
      isDown ? Promise.reject(new GatewayError('SUBGRAPH_UNREACHABLE', 'refused')) : Promise.resolve({ data: {} }),
  };
  const lines: string[] = [];
  const add = (message: string) => void lines.push(message);
  const watched = reportFailures(source, { info: add, warn: add, error: add });
  await watched.fetch(request);
  isDown = true;
  for (let round = 0; round < 3; round += 1) await assert.rejects(watched.fetch(request), GatewayError);
  isDown = false;
  for (let round = 0; round < 3; round += 1) await watched.fetch(request);
  assert.deepEqual(lines, [
    'Subgraph "reviews" does not answer. SUBGRAPH_UNREACHABLE: refused',
    'Subgraph "reviews" answers again.',
  ]);
});

test('a client that left is no failure of the subgraph', async () => {
  const source: Source = { name: 'a', fetch: ({ signal }) => Promise.reject(signal?.reason) };
  const lines: string[] = [];
  const add = (message: string) => void lines.push(message);
  const watched = reportFailures(source, { info: add, warn: add, error: add });
  await assert.rejects(watched.fetch({ ...request, signal: AbortSignal.abort() }));
  assert.deepEqual(lines, []);
});
