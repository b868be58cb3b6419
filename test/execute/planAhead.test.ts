import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source } from '../../src/execute/Source.ts';
import { createPair } from '../support/monolith.ts';

test('what was planned ahead is executed by that plan', async () => {
  const { supergraph } = createPair('# subgraph: a\ntype Query { twice(n: Int!): Int once: Int }', { roots: {} });
  const source: Source = { name: 'a', visible: () => '', fetch: async () => ({ data: { twice: 8, once: 4 } }) };
  // Plans are numbered as they are made; the number begins the name under which equal queries meet.
  const numbers: number[] = [];
  const flights = {
    join<T>(key: string, answer: (signal: AbortSignal) => Promise<T>) {
      numbers.push(Number.parseInt(key, 10));
      return answer(new AbortController().signal);
    },
  };
  const executor = createExecutor({ supergraph, sources: new Map([['a', source]]), flights });
  const context = { headers: new Headers() };
  const ahead = parse('query ($n: Int!) { twice(n: $n) }');
  executor.plan({ document: ahead, context });
  await executor.execute({ document: parse('{ once }'), context });
  const { data } = await executor.execute({ document: ahead, variables: { n: 4 }, context });
  assert.deepEqual(data, { twice: 8 });
  const [later = 0, earlier = 0] = numbers;
  assert.ok(earlier < later, `${earlier} was made before ${later}`);
});
