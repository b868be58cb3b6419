import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { Source, SourceRequest } from '../../../src/execute/Source.ts';
import { findUnsatisfied } from '../../../src/plan/findUnsatisfied.ts';
import { openDemandControl } from '../../../src/server/frontDoor/openDemandControl.ts';
import { compose } from '../../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../../src/supergraph/parseSupergraph.ts';
import { openTestDoor } from '../../plugins/authentication/support/openTestDoor.ts';

function supergraphOf(sdl: string) {
  const definition = { source: { kind: 'graphql' } } as const;
  const composed = compose([{ name: 'shop', url: 'http://127.0.0.1:9', sdl, definition }], { findUnsatisfied });
  if (!('sdl' in composed)) throw new Error(JSON.stringify(composed));
  return parseSupergraph(composed.sdl);
}

const request = (document: string): SourceRequest => ({
  operation: { kind: 'query', document },
  variables: '{}',
  context: { headers: new Headers() },
});

describe('the totals of subgraphs', () => {
  for (const mode of ['enforce', 'measure'] as const)
    it(`have what was asked and what was too much: ${mode}`, async () => {
      const control = await openDemandControl({
        enabled: true,
        mode,
        max: 100,
        list_size: 10,
        actual_cost_mode: 'by_subgraph',
        subgraph: { all: { max: 5 }, subgraphs: {} },
        expose: false,
      });
      const supergraph = supergraphOf('type Query { item: Item items: [Item] } type Item { id: ID }');
      let asked = 0;
      const shop: Source = {
        name: 'shop',
        async fetch() {
          asked += 1;
          return { data: { item: { id: 1 }, items: [{ id: 1 }, { id: 2 }] } };
        },
      };
      const source = control.costSource(shop, supergraph);
      await source.fetch(request('{ item { id } }'));
      await source.fetch(request('{ item { id } }'));
      const dear = source.fetch(request('{ items { id } }'));
      if (mode === 'enforce')
        await assert.rejects(
          dear,
          (error) => error instanceof GatewayError && error.code === 'SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE',
        );
      else await dear;
      const isRefused = mode === 'enforce';
      assert.equal(asked, isRefused ? 2 : 3);
      assert.deepEqual(
        [...control.totals.subgraphs],
        [
          [
            'shop',
            {
              calls: isRefused ? 2 : 3,
              estimated: isRefused ? 2 : 12,
              actual: isRefused ? 2 : 4,
              refused: isRefused ? 1 : 0,
              exceeding: 1,
            },
          ],
        ],
      );
    });

  it('have the events of a subscription, which ends while it waits for one', async () => {
    const control = await openDemandControl({
      enabled: true,
      mode: 'measure',
      list_size: 10,
      actual_cost_mode: 'by_subgraph',
      subgraph: { all: {}, subgraphs: {} },
      expose: false,
    });
    const ended = Promise.withResolvers<void>();
    const events = [{ data: { item: { id: 1 } } }];
    const shop: Source = {
      name: 'shop',
      fetch: () => Promise.reject(new Error('not asked')),
      subscribe: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            const value = events.shift();
            return value === undefined ? new Promise(() => {}) : Promise.resolve({ done: false, value });
          },
          return() {
            ended.resolve();
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      }),
    };
    const sdl = 'type Query { item: Item } type Subscription { item: Item } type Item { id: ID }';
    const stream = control.costSource(shop, supergraphOf(sdl)).subscribe?.({
      ...request('subscription { item { id } }'),
      operation: { kind: 'subscription', document: 'subscription { item { id } }' },
    });
    const iterator = stream?.[Symbol.asyncIterator]();
    await iterator?.next();
    void iterator?.next();
    await iterator?.return?.();
    await ended.promise;
    const totals = { calls: 1, estimated: 1, actual: 1, refused: 0, exceeding: 0 };
    assert.deepEqual([...control.totals.subgraphs], [['shop', totals]]);
  });

  it('are nowhere, nor is anything around sources, where costs are not counted', async () => {
    for (const input of [{}, { demand_control: { enabled: false } }]) {
      const { demandTotals, wrapSource, plugins } = await openTestDoor(input);
      assert.deepEqual([demandTotals, wrapSource, plugins.demandControl], [undefined, undefined, undefined]);
    }
  });
});
