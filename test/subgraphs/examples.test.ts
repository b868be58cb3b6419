import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kind, parse } from 'graphql';
import { readExamples } from '../../subgraphs/demo/readExamples.ts';

const examples = readExamples();

test('there is an example for each kind of operation', () => {
  const kinds = examples.flatMap(({ query }) =>
    parse(query).definitions.map((node) => (node.kind === Kind.OPERATION_DEFINITION ? node.operation : node.kind)),
  );
  assert.deepEqual(new Set(kinds), new Set(['query', 'mutation', 'subscription']));
});

for (const { title, query } of examples) {
  test(`example ${title} says what it shows, is one operation of that name, and runs as it is`, () => {
    assert.match(query, /^# .+\./);
    const [operation, ...others] = parse(query).definitions;
    assert.deepEqual(others, []);
    assert.ok(operation?.kind === Kind.OPERATION_DEFINITION);
    assert.equal(operation.name?.value, title);
    assert.ok((operation.variableDefinitions ?? []).every(({ defaultValue }) => defaultValue !== undefined));
  });
}
