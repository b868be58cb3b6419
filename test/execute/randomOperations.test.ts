import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { createPair } from '../support/monolith.ts';
import { abstractData, keysData, providesData, requiresData, shopData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { random, randomOperation } from '../support/randomOperation.ts';

/** WEFT_RANDOM=5000 looks longer; a failure names its seed. */
const COUNT = Number(process.env['WEFT_RANDOM'] ?? 60);

const ARGS = {
  'Query.product': ['(upc: "p2")', '(upc: "none")'],
  'Query.user': ['(id: "2")'],
  'Query.node': ['(id: "b1")', '(id: "m2")'],
  'Product.price': ['', '(currency: "EUR")', '(currency: "USD")'],
  'Product.variants': ['(kind: "A")', '(kind: "B")'],
  'Product.reviews': ['', '(first: 1)'],
};
const DATA = {
  shop: shopData(),
  keys: keysData(),
  provides: providesData(),
  abstract: abstractData(),
  requires: requiresData(),
};

test('what one alias provides under a condition is not counted on by another one', async () => {
  const pair = createPair(planSupergraph('provides'), providesData());
  await pair.compare(
    'query ($yes: Boolean = true) { reviews { product @skip(if: $yes) { maker { country } } ... { product { m: maker { city } } } } }',
  );
});

for (const [name, data] of Object.entries(DATA)) {
  test(`${COUNT} random operations over "${name}" are answered as one server answers them`, async () => {
    const pair = createPair(planSupergraph(name), data);
    const args = name === 'requires' ? { ...ARGS, 'Query.product': ['(id: "1")'] } : ARGS;
    for (let seed = 1; seed <= COUNT; seed += 1) {
      const operation = randomOperation(pair.schema, random(seed), args);
      if (validate(pair.schema, parse(operation)).length > 0) continue;
      try {
        await pair.compare(operation);
      } catch (error) {
        throw new Error(`seed ${seed}: ${operation}`, { cause: error });
      }
    }
  });
}
