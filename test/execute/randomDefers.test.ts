import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { compareInParts } from '../support/incremental.ts';
import { insertDefers } from '../support/insertDefers.ts';
import { createPair } from '../support/monolith.ts';
import { abstractData, keysData, providesData, requiresData, shopData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { random, randomOperation } from '../support/randomOperation.ts';

/** WEFT_RANDOM=5000 looks longer; a failure names its seed. */
const COUNT = Number(process.env['WEFT_RANDOM'] ?? 60);

/** What has more may be refused in the older format, where each fragment is answered whole. */
const MOST_DEFERS = 150;

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

for (const [name, data] of Object.entries(DATA)) {
  test(`${COUNT} random operations with deferred parts over "${name}" come to what one server's parts come to`, async () => {
    const pair = createPair(planSupergraph(name), data);
    const args = name === 'requires' ? { ...ARGS, 'Query.product': ['(id: "1")'] } : ARGS;
    let inParts = 0;
    let tried = 0;
    for (let seed = 1; seed <= COUNT; seed += 1) {
      const next = random(seed);
      const operation = insertDefers(randomOperation(pair.schema, next, args), next);
      if (operation.split('@defer').length > MOST_DEFERS || validate(pair.schema, parse(operation)).length > 0)
        continue;
      tried += 1;
      try {
        const { parts } = await compareInParts(pair, data, { operation });
        await compareInParts(pair, data, { operation, format: 'legacy' });
        if (parts.length > 1) inParts += 1;
      } catch (error) {
        throw new Error(`seed ${seed}: ${operation}`, { cause: error });
      }
    }
    assert.ok(inParts > tried / 2, `only ${inParts} operations of ${tried} came in parts`);
  });
}
