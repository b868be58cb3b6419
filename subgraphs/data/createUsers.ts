import { createRandom } from './createRandom.ts';
import { ids } from './ids.ts';

const firstNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Ken', 'Radia', 'Tim', 'Frances', 'Donald'] as const;
const lastNames = ['Marsh', 'Field', 'Stone', 'Brook', 'Hill', 'Wood', 'Rivers', 'Lake'] as const;

export interface UserRecord {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** `YYYY-MM-DD`. */
  readonly memberSince: string;
  /** Upcs of the products wished for, each once. */
  readonly wishlist: readonly string[];
}

export function createUsers(): readonly UserRecord[] {
  const random = createRandom(2);
  return ids.users.map((id, index) => {
    const first = random.pick(firstNames);
    const last = random.pick(lastNames);
    const username = `${first}.${last}${index + 1}`.toLowerCase();
    const memberSince = new Date(Date.UTC(2015 + random.integer(0, 9), random.integer(0, 11), random.integer(1, 28)));
    const wishlist = new Set(Array.from({ length: random.integer(1, 6) }, () => random.pick(ids.upcs)));
    return {
      id,
      username,
      name: `${first} ${last}`,
      email: `${username}@shop.example`,
      memberSince: memberSince.toISOString().slice(0, 10),
      wishlist: [...wishlist],
    };
  });
}
