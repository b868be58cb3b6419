import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

const openings = [
  'Does what it says.',
  'Broke after a week.',
  'My cat loves it.',
  'Smaller than I thought.',
  'Would buy again.',
] as const;
const closings = [
  'Fair price.',
  'Arrived late.',
  'Looks good in the hall.',
  'The colour is off.',
  'A fine gift.',
] as const;

/** Seconds since 1970 of the first review; each later one is five minutes younger. */
const firstReviewAt = Date.UTC(2026, 0, 1) / 1000;

export interface ReviewRecord {
  readonly id: string;
  readonly upc: string;
  readonly authorId: string;
  /** 1 to 5. */
  readonly rating: number;
  readonly body: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Reviews in the order in which they were written. */
export function createReviews(): readonly ReviewRecord[] {
  const random = createRandom(4);
  return ids.reviews.map((id, index) => ({
    id,
    upc: random.pick(ids.upcs),
    authorId: random.pick(ids.users),
    rating: random.integer(1, 5),
    body: `${random.pick(openings)} ${random.pick(closings)}`,
    createdAt: new Date((firstReviewAt + index * 300) * 1000).toISOString(),
  }));
}
