import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { limitsSchema } from '../../src/config/schema/limitsSchema.ts';
import { createNameless } from '../../src/plugins/createNameless.ts';
import { createParse } from '../../src/plugins/createParse.ts';
import { createPair } from '../support/monolith.ts';

const { executor } = createPair('# subgraph: a\ntype Query { twice(n: Int!): Int }', {
  roots: { twice: ({ n }: Readonly<Record<string, unknown>>) => Number(n) * 2 },
});
const parse = createParse(v.parse(limitsSchema, {}), createNameless());
const named = (name: string) => parse(`query ${name}($n: Int!) { twice(n: $n) }`);

test('one plan serves an operation under all of its names', async () => {
  const context = { headers: new Headers(), exposePlan: true };
  for (const name of ['One', 'AnotherName', 'One', 'Third']) {
    const result = await executor.execute({ document: named(name), operationName: name, variables: { n: 4 }, context });
    assert.deepEqual(result.data, { twice: 8 });
    assert.match(JSON.stringify(result.extensions), /twice/);
  }
});

test('the name that is asked for has to be that of the document, and places are those of its text', async () => {
  named('One');
  const document = named('AnotherName');
  const wrong = await executor.execute({
    document,
    operationName: 'One',
    variables: { n: 4 },
    context: { headers: new Headers() },
  });
  assert.match(wrong.errors?.[0]?.message ?? '', /no operation named "One"/);
  const missing = await executor.execute({ document, variables: {}, context: { headers: new Headers() } });
  assert.deepEqual(missing.errors?.[0]?.locations, [{ line: 1, column: 'query AnotherName('.length + 1 }]);
});
