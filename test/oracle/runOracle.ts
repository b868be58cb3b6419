import { print } from 'graphql';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { printCase, shrinkCase, tryCase } from './Case.ts';
import { type StoreOptions, Unserviceable } from './createStore.ts';
import { createTrial, createTrialOf, NotComposed } from './createTrial.ts';
import { deferSome } from './deferSome.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './randomOperation.ts';
import { randomSplit } from './randomSplit.ts';

const SHRINKING = 20_000;
/** Of so many operations one is asked in parts, too. */
const IN_PARTS = 3;

/** Data in which something is null, fails or cannot be found, by turns. */
export function storeOptions(seed: number): StoreOptions {
  const salt = String(seed);
  const kinds: readonly Omit<StoreOptions, 'salt'>[] = [
    { nulls: 0, errors: 0, missing: 0 },
    { nulls: 0.15, errors: 0, missing: 0 },
    { nulls: 0.1, errors: 0.03, missing: 0 },
    { nulls: 0.1, errors: 0, missing: 0.25 },
    { nulls: 0.1, errors: 0.1, missing: 0.25 },
    { nulls: 0.05, errors: 0.1, missing: 0, isGentle: true },
    { nulls: 0.1, errors: 0, missing: 0, down: 'b' },
    { nulls: 0.1, errors: 0, missing: 0, wrong: 0.05 },
  ];
  return { salt, ...(kinds[seed % kinds.length] as Omit<StoreOptions, 'salt'>) };
}

export interface Tally {
  worlds: number;
  /** Worlds that do not compose, or of which no data can be made. */
  refused: number;
  asked: number;
}

export interface Asking {
  readonly seed: number;
  readonly operations: number;
  readonly tally: Tally;
  /** The supergraph, where it is not to be composed of the subgraphs first. */
  readonly supergraph?: string | undefined;
}

/** Asks random operations of one world. Throws with the seed and a shrunk case at the first answer that is not the one server's. */
export async function askAll(subgraphs: readonly Subgraph[], asking: Asking): Promise<void> {
  asking.tally.worlds += 1;
  try {
    await ask(subgraphs, asking);
  } catch (error) {
    if (!(error instanceof NotComposed) && !(error instanceof Unserviceable)) throw error;
    asking.tally.refused += 1;
  }
}

async function ask(subgraphs: readonly Subgraph[], { seed, operations, tally, supergraph }: Asking): Promise<void> {
  const options = storeOptions(seed);
  const trial =
    supergraph === undefined ? createTrial(subgraphs, options) : createTrialOf(supergraph, subgraphs, options);
  const random = createRandom(seed);
  for (let n = 0; n < operations; n += 1) {
    const operation = randomOperation(trial.schema, random);
    // A subgraph answers values and lists whole: what may not be null and fails has taken with it what one server would have answered earlier.
    // And what is deferred may be had of a subgraph that does not know the entity, though another one has said as much of it.
    const canDefer = options.missing === 0 && (options.errors === 0 || options.isGentle === true);
    const isDeferred = n % IN_PARTS === 0 && canDefer;
    const inParts = isDeferred ? deferSome(operation.document, trial.schema, random) : undefined;
    tally.asked += 1;
    // The same document again, planned and compiled already, under the opposite conditions.
    for (const [document, variables] of [
      [operation.document, operation.variables],
      [operation.document, flipped(operation.variables)],
      ...(inParts === undefined ? [] : [[inParts, operation.variables] as const]),
    ] as const) {
      const { failure } = await trial.check(document, variables);
      if (failure === undefined) continue;
      const failing = { subgraphs, options, document, variables };
      const shrunk = await shrinkCase(failing, SHRINKING);
      throw new Error(
        `seed ${seed}, operation ${n}: ${(await tryCase(shrunk)) ?? failure}\n${printCase(shrunk)}\nIt was:\n${print(document)}\n${JSON.stringify(variables)}`,
      );
    }
  }
}

function flipped(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(variables).map(([name, value]) => [name, typeof value === 'boolean' ? !value : value]);
  return Object.fromEntries(entries);
}

/** Seeds of splits: `first`, and each `step` after it below `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  readonly operations: number;
}

export async function askSplits({ first, end, step, operations }: Range): Promise<Tally> {
  const tally: Tally = { worlds: 0, refused: 0, asked: 0 };
  for (let seed = first; seed < end; seed += step)
    await askAll(randomSplit(createRandom(seed)), { seed, operations, tally });
  return tally;
}
