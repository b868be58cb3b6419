import { LRUCache } from 'lru-cache';
import type { WouldBeDenied } from '../../execute/authorization/admit.ts';
import type { Log } from '../../lib/Log.ts';

/** So many different lines are remembered. */
const MOST_LINES = 10_000;

/** Says in the log what would be denied, each thing once. */
export function createDryRun(log: Log): (denied: WouldBeDenied) => void {
  const told = new LRUCache<string, true>({ max: MOST_LINES });
  return ({ coordinates, operationName, caller }) => {
    if (coordinates.length === 0) return;
    const who = caller === undefined ? 'nobody in particular' : `"${caller.id}"`;
    const what = operationName === '' ? 'an operation' : `the operation "${operationName}"`;
    const line = `Would be denied to ${who} in ${what}: ${coordinates.map((name) => `"${name}"`).join(', ')}.`;
    if (told.has(line)) return;
    told.set(line, true);
    log.info(line);
  };
}
