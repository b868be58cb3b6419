import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getOperationAST, print } from 'graphql';
import type { OperationCosts } from '../../src/context.ts';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { openDemandControl } from '../../src/server/frontDoor/openDemandControl.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Supergraph } from '../../src/supergraph/Supergraph.ts';
import { createStore, Unserviceable } from './createStore.ts';
import { chance } from './hash.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './randomOperation.ts';
import { randomSplit } from './randomSplit.ts';
import { type Sent, serveSubgraph } from './serveSubgraph.ts';
import { readWorld } from './World.ts';

/** WEFT_ORACLE=100000 looks longer; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 600);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 15;

interface Tally {
  asked: number;
  calls: number;
}

test(`${CASES} random operations: each subgraph has cost what it has resolved, and no more than was estimated`, async (context) => {
  const tally: Tally = { asked: 0, calls: 0 };
  for (let seed = FIRST; tally.asked < CASES; seed += 1) {
    try {
      await countAll(seed, tally);
    } catch (error) {
      if (!(error instanceof Unserviceable)) throw error;
    }
  }
  context.diagnostic(`${tally.asked} operations, ${tally.calls} calls`);
  assert.ok(tally.calls > tally.asked / 2);
});

/** Of all fields with one name the same, so that it does not matter which type they are read from. */
function weightsOf({ types }: Supergraph): ReadonlyMap<string, number> {
  const names = [...types.values()].flatMap(({ kind, fields }) => (kind === 'input' ? [] : [...fields.keys()]));
  return new Map(names.map((name) => [name, Math.floor(chance(`weight of ${name}`) * 4)]));
}

function weighted(supergraph: Supergraph, weights: ReadonlyMap<string, number>): Supergraph {
  const coordinates = [...supergraph.types.values()].flatMap(({ name, kind, fields }): [string, number][] =>
    // What is given is not resolved.
    kind === 'input'
      ? [[name, 0]]
      : [...fields.keys()].map((field): [string, number] => [`${name}.${field}`, weights.get(field) ?? 0]),
  );
  return { ...supergraph, costs: { weights: new Map(coordinates), sizes: new Map() } };
}

const valuesIn = (value: unknown): number =>
  Array.isArray(value) ? value.reduce<number>((sum, item) => sum + valuesIn(item), 0) : value == null ? 0 : 1;

async function countAll(seed: number, tally: Tally): Promise<void> {
  const random = createRandom(seed);
  const subgraphs = randomSplit(random);
  const composed = compose(subgraphs, { findUnsatisfied });
  if (!('sdl' in composed)) return;
  const plain = parseSupergraph(composed.sdl);
  const weights = weightsOf(plain);
  const supergraph = weighted(plain, weights);
  const isActive = (label: string) => chance(`${seed} ${label}`) < 0.5;
  const overrideLabels = Object.fromEntries(supergraph.overrideLabels.map((label) => [label, isActive(label)]));
  const store = createStore(readWorld(subgraphs, isActive), {
    salt: String(seed),
    nulls: seed % 2 === 0 ? 0.15 : 0,
    errors: 0,
    missing: 0,
  });
  const settings = { enabled: true, mode: 'measure', list_size: 20, expose: false } as const;
  const control = await openDemandControl({
    ...settings,
    actual_cost_mode: 'by_subgraph',
    subgraph: { all: {}, subgraphs: {} },
  });
  const resolved = new Map<string, number>();
  const sent: Sent[] = [];
  // What nobody but the planner can ask for has no weight of its own.
  const onResolved = (graph: string, field: string, value: unknown) =>
    void resolved.set(graph, (resolved.get(graph) ?? 0) + (weights.get(field) ?? 1) * valuesIn(value));
  const sources = new Map(
    store.world.graphs.map((graph) => [
      graph.name,
      control.costSource(serveSubgraph(graph, store, { sent, breaches: [], onResolved }), supergraph),
    ]),
  );
  const executor = createExecutor({ supergraph, sources });
  for (let n = 0; n < OPERATIONS; n += 1) {
    const { document, variables } = randomOperation(supergraph.clientSchema, random);
    const kind = getOperationAST(document)?.operation;
    if (kind === 'subscription') continue;
    resolved.clear();
    sent.length = 0;
    const cost: OperationCosts = { estimated: 0 };
    const context = { headers: new Headers(), overrideLabels, cost };
    await executor.execute({ document, variables, context });
    tally.asked += 1;
    tally.calls += sent.length;
    const where = `seed ${seed}, operation ${n}: ${print(document)}\n${JSON.stringify(variables)}\n${sent.map((one) => `${one.subgraph}: ${one.document} ${one.variables}`).join('\n')}`;
    for (const name of supergraph.subgraphs.map((subgraph) => subgraph.name)) {
      const own = sent.filter(({ subgraph }) => subgraph === name);
      const mutations = own.filter((one) => one.document.startsWith('mutation')).length;
      const counted = cost.subgraphs?.get(name) ?? { estimated: 0, actual: 0, calls: 0 };
      assert.equal(counted.calls, own.length, where);
      assert.equal(counted.actual, mutations * 10 + (resolved.get(name) ?? 0), `"${name}" in ${where}`);
      assert.ok(counted.estimated >= counted.actual, `"${name}": ${JSON.stringify(counted)} in ${where}`);
    }
  }
}
