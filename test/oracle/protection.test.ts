import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, print } from 'graphql';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { Unserviceable } from './createStore.ts';
import { createTrialOf } from './createTrial.ts';
import { deferSome } from './deferSome.ts';
import { callerOf, randomGrants, randomMarks, randomProtection, tellDenied } from './protection.ts';
import { createRandom, type Random } from './random.ts';
import { randomOperation } from './randomOperation.ts';
import { randomSplit } from './randomSplit.ts';
import { storeOptions } from './runOracle.ts';
import { ALL_FEATURES } from './Split.ts';

/** WEFT_ORACLE=100000 looks longer; a failure names its seed, and WEFT_ORACLE_SEED begins there. */
const CASES = Number(process.env['WEFT_ORACLE'] ?? 2000);
const FIRST = Number(process.env['WEFT_ORACLE_SEED'] ?? 1);
const OPERATIONS = 20;
/** Each operation is asked by so many callers in turn: a plan is not another one's. */
const CALLERS = 3;

interface Tally {
  asked: number;
  denied: number;
  refused: number;
}

test(`${CASES} random operations over supergraphs with directives by chance: what a caller may not read is never asked for, and is null`, async (context) => {
  const tally: Tally = { asked: 0, denied: 0, refused: 0 };
  for (let seed = FIRST; tally.asked < CASES; seed += 1) {
    try {
      await askProtected(seed, tally);
    } catch (error) {
      if (!(error instanceof Unserviceable)) throw error;
      tally.refused += 1;
    }
  }
  context.diagnostic(
    `${tally.asked} operations, ${tally.denied} with something denied; ${tally.refused} splits refused`,
  );
  assert.ok(tally.denied > tally.asked / 10);
});

/** Directives stand in the supergraph, or in the subgraphs that it is composed of. */
function protectedWorld(seed: number, random: Random) {
  const inSubgraphs = seed % 2 === 0;
  const subgraphs = randomSplit(random, { ...ALL_FEATURES, firstFederation: !inSubgraphs });
  const composed = compose(subgraphs, { findUnsatisfied });
  if (!('sdl' in composed)) return undefined;
  if (!inSubgraphs) return { subgraphs, ...randomProtection(composed.sdl, subgraphs, random) };
  const { subgraphs: marked, isDenied } = randomMarks(composed.sdl, subgraphs, random);
  const again = compose(marked, { findUnsatisfied });
  assert.ok('sdl' in again, `seed ${seed}: ${JSON.stringify(again)}`);
  return { subgraphs: marked, sdl: again.sdl, isDenied };
}

async function askProtected(seed: number, tally: Tally): Promise<void> {
  const random = createRandom(seed);
  const protection = protectedWorld(seed, random);
  if (protection === undefined) {
    tally.refused += 1;
    return;
  }
  const { subgraphs } = protection;
  let grants = randomGrants(random);
  const isDenied = (type: string, field: string) => protection.isDenied(grants, type, field);
  const options = storeOptions(seed);
  const trial = createTrialOf(protection.sdl, subgraphs, options, () => ({
    caller: callerOf(grants),
    policies: grants.policies,
    tell: (document) => tellDenied(document, protection.sdl, isDenied),
    isDenied,
  }));
  const canDefer = options.missing === 0 && (options.errors === 0 || options.isGentle === true);
  for (let n = 0; n < OPERATIONS; n += 1) {
    const { document, variables } = randomOperation(trial.schema, random);
    const inParts = n % 4 === 0 && canDefer ? deferSome(document, trial.schema, random) : undefined;
    for (let caller = 0; caller < CALLERS; caller += 1) {
      grants = randomGrants(random);
      for (const one of inParts === undefined ? [document] : [document, inParts]) {
        const { denied } = tellDenied(one, protection.sdl, isDenied);
        tally.asked += 1;
        if (denied.size > 0) tally.denied += 1;
        if (isRootDenied(one, isDenied)) continue;
        const { failure } = await trial.check(one, variables);
        if (failure === undefined) continue;
        const marks = protection.sdl
          .split('\n')
          .filter((line) => /@(authenticated|requiresScopes|policy)\b/.test(line));
        throw new Error(
          `seed ${seed}, operation ${n}: ${failure}\n${JSON.stringify(grants)} ${JSON.stringify(variables)} ${JSON.stringify(options)}\n${print(one)}\n${marks.join('\n')}`,
        );
      }
    }
  }
}

/** A subscription that cannot start has no events to compare. */
function isRootDenied(document: DocumentNode, isDenied: (type: string, field: string) => boolean): boolean {
  const { operation, selectionSet } = getOperationAST(document) as OperationDefinitionNode;
  if (operation !== 'subscription') return false;
  return selectionSet.selections.some((node) => node.kind !== Kind.FIELD || isDenied('Subscription', node.name.value));
}
