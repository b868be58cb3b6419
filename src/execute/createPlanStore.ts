import { LRUCache } from 'lru-cache';
import type { Shape } from '../plan/Plan.ts';
import type { PreparedOperation } from './prepareOperation.ts';

/** Plans by the object under which somebody keeps them; what was not asked for longest goes first. */
export interface PlanStore {
  get(token: object): PreparedOperation | undefined;
  set(token: object, prepared: PreparedOperation): unknown;
}

/** As many as documents are kept. */
const MOST_PLANS = 2_000;
/** Bytes of all plans of one supergraph, with the code that is generated for them: 300 of the benchmark's heavy query, or all of them if they are small. */
const MOST_BYTES = 96 * 1024 * 1024;
/** Measured with code: 300 KB for 13 calls and 83 fields (the benchmark's heavy query), 19 KB for one and 3, 36 KB for two and 7. */
const BYTES_A_FIELD = 2_500;
const BYTES_A_CALL = 10_000;
const BYTES_OF_NONE = 5_000;

export function createPlanStore(mostBytes = MOST_BYTES): PlanStore {
  return new LRUCache<object, PreparedOperation>({ max: MOST_PLANS, maxSize: mostBytes, sizeCalculation: planSize });
}

/** Bytes that a prepared operation takes, roughly. */
export function planSize({ plan }: PreparedOperation): number {
  const fields = plan.calls.reduce(
    (sum, { sites }) => sum + sites.reduce((total, { representation }) => total + representation.length, 0),
    fieldsOf(plan.output, new Set()),
  );
  return BYTES_OF_NONE + plan.calls.length * BYTES_A_CALL + fields * BYTES_A_FIELD;
}

function fieldsOf(shape: Shape, seen: Set<Shape>): number {
  if (seen.has(shape)) return 0;
  seen.add(shape);
  const below = [...shape.fields.map(({ child }) => child), ...(shape.branches?.byType.values() ?? [])];
  return below.reduce((sum, one) => sum + (one === null ? 0 : fieldsOf(one, seen)), shape.fields.length);
}
