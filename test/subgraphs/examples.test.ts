import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Kind, parse } from 'graphql';
import { readExample } from '../../subgraphs/demo/readExample.ts';

const files = readdirSync(new URL('../../schemas/examples/', import.meta.url)).sort();

test('there is an example for each kind of operation', () => {
  const kinds = files.flatMap((file) =>
    parse(readExample(file).query).definitions.map((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? node.operation : node.kind,
    ),
  );
  assert.deepEqual(new Set(kinds), new Set(['query', 'mutation', 'subscription']));
});

for (const file of files) {
  test(`example ${file} is one named operation and has a value for each variable`, () => {
    const { query, variables } = readExample(file);
    const [operation, ...others] = parse(query).definitions;
    assert.deepEqual(others, []);
    assert.ok(operation?.kind === Kind.OPERATION_DEFINITION && operation.name !== undefined);
    const wanted = operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    assert.deepEqual(Object.keys(variables), wanted);
  });
}
