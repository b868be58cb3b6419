import { availableParallelism } from 'node:os';
import type { CommandValues } from './commands.ts';
import { UsageError } from './UsageError.ts';

const MOST = 256;

/** How many processes are to serve: 1 where nothing is said, one a core for `auto`. Throws a `UsageError` for what is no number of them. */
export function readWorkers({ workers }: CommandValues): number {
  if (workers === undefined) return 1;
  if (workers === 'auto') return availableParallelism();
  const count = typeof workers === 'string' && /^\d+$/.test(workers) ? Number(workers) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new UsageError(`Option "--workers" needs an integer from 1 to ${MOST}, or "auto"; got "${String(workers)}".`);
}
