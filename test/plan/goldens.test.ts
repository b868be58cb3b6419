import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import { createRouter, type Router } from '../../src/plan/createRouter.ts';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { printPlan } from '../../src/plan/printPlan.ts';
import { applyOverrides } from '../../src/supergraph/applyOverrides.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';

const GOLDENS = join(import.meta.dirname, '../golden/plans');
const SHARED = 'supergraphs';
const isRewriting = process.env['WEFT_UPDATE_GOLDENS'] === '1';
const routers = new Map<string, Router>();

/** The supergraph that an operation names in its first line, `# supergraph: shop`, with the override labels that are active: `# label: beta`. */
function routerOf(operation: string): Router {
  const name = /^# supergraph: (\S+)$/m.exec(operation)?.[1] ?? '';
  const labels = new Set([...operation.matchAll(/^# label: (\S+)$/gm)].map(([, label = '']) => label));
  const id = [name, ...labels].join();
  const known = routers.get(id);
  if (known !== undefined) return known;
  const text = readFileSync(join(GOLDENS, SHARED, `${name}.graphql`), 'utf8');
  const supergraph = parseSupergraph(text.includes('join__Graph') ? text : composeText(text));
  const router = createRouter(applyOverrides(supergraph, labels));
  routers.set(id, router);
  return router;
}

function composeText(text: string): string {
  const composed = compose(readSubgraphs(text), { findUnsatisfied });
  assert.ok('sdl' in composed, JSON.stringify('issues' in composed ? composed.issues : []));
  return composed.sdl;
}

function planText(operation: string): string {
  const router = routerOf(operation);
  const document = parse(operation);
  assert.deepEqual(validate(router.supergraph.clientSchema, document), []);
  const incremental = /@(defer|stream)\b/.test(operation) ? ({ format: 'current', variables: {} } as const) : undefined;
  const { plan, documents } = prepareOperation(document, null, router, { incremental });
  return `${printPlan(plan, documents, router.supergraph)}\n`;
}

for (const name of readdirSync(GOLDENS).sort()) {
  if (name === SHARED) continue;
  test(`the plan of "${name}" is as reviewed`, () => {
    const operationFile = join(GOLDENS, name, 'operation.graphql');
    assert.ok(existsSync(operationFile), `${name}/plan.txt is an orphan: there is no operation.graphql beside it`);
    const text = planText(readFileSync(operationFile, 'utf8'));
    const planFile = join(GOLDENS, name, 'plan.txt');
    if (isRewriting) writeFileSync(planFile, text);
    assert.ok(existsSync(planFile), `${name}/plan.txt is missing; WEFT_UPDATE_GOLDENS=1 writes it`);
    assert.equal(text, readFileSync(planFile, 'utf8'));
  });
}
