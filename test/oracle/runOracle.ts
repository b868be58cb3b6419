import { print } from 'graphql';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { printCase, shrinkCase, tryCase } from './Case.ts';
import type { StoreOptions } from './createStore.ts';
import { createTrial } from './createTrial.ts';
import { createRandom } from './random.ts';
import { randomOperation } from './randomOperation.ts';

const SHRINKING = 20_000;

/** Data in which something is null, fails or cannot be found, by turns. */
export function storeOptions(seed: number): StoreOptions {
  const salt = String(seed);
  const kinds: readonly Omit<StoreOptions, 'salt'>[] = [
    { nulls: 0, errors: 0, missing: 0 },
    { nulls: 0.15, errors: 0, missing: 0 },
    { nulls: 0.1, errors: 0.03, missing: 0 },
    { nulls: 0.1, errors: 0, missing: 0.25 },
    { nulls: 0.1, errors: 0.1, missing: 0.25 },
  ];
  return { salt, ...(kinds[seed % kinds.length] as Omit<StoreOptions, 'salt'>) };
}

export interface Asking {
  readonly seed: number;
  readonly operations: number;
}

/** Asks random operations of one world. Throws with the seed and a shrunk case at the first answer that is not the one server's. */
export async function askAll(subgraphs: readonly Subgraph[], { seed, operations }: Asking): Promise<void> {
  const options = storeOptions(seed);
  const trial = createTrial(subgraphs, options);
  const random = createRandom(seed);
  const isClean = options.errors === 0 && options.missing === 0;
  for (let n = 0; n < operations; n += 1) {
    const { document, variables } = randomOperation(trial.schema, random, { repeatsObjects: isClean });
    const { failure } = await trial.check(document, variables);
    if (failure === undefined) continue;
    const failing = { subgraphs, options, document, variables };
    const shrunk = await shrinkCase(failing, SHRINKING);
    throw new Error(
      `seed ${seed}, operation ${n}: ${await tryCase(shrunk)}\n${printCase(shrunk)}\nIt was:\n${print(document)}\n${JSON.stringify(variables)}`,
    );
  }
}
