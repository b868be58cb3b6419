import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const orgs: Entity[] = [1, 2].map((n) => ({ id: `o${n}`, title: `org ${n}` }));
const parts: Entity[] = [1, 2, 3].map((n) => ({ c: { n }, label: `part ${n}`, stock: n * 10 }));
const things: Entity[] = [1, 2, 3].map((n) => ({ id: String(n), own: `own ${n}`, code: `c${n}`, b: `b ${n}`, c: n, parts: parts.slice(n - 1), org: n === 3 ? null : orgs[n - 1], d: n === 3 ? null : `d ${n}`, e: `e ${n}` }));
const roots = { thing: things[0], things, box: { thing: things[1] }, related: things[1] };
const pair = createPair(planSupergraph('keys'), { roots, entities: { Thing: things, Org: orgs, Part: parts } });

const CASES: readonly (readonly [string, string, number])[] = [
  ['a chain of keys', '{ things { c } }', 3],
  ['a compound key of two subgraphs, its nested leaf null for one', '{ things { id d } }', 4],
  ['a compound key beside its parts', '{ things { own b d e code org { title } } }', 5],
  ['a nested key', '{ thing { parts { label stock } } }', 4],
  ['a reference that cannot be resolved where it comes from', '{ related { id own b } }', 3],
  ['an entity in a value object', '{ box { thing { b own } } }', 2],
  ['all together', '{ things { own b c d e parts { label stock c { n } } org { id title } } related { d } }', 9],
];

for (const [name, operation, requests] of CASES) {
  test(`keys, ${name}: the gateway answers as one server does`, async () => {
    const { sent } = await pair.compare(operation);
    assert.ok(sent.length <= requests, JSON.stringify(sent, null, 1));
  });
}
