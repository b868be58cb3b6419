import { getHeapSpaceStatistics } from 'node:v8';

declare const gc: () => void;

/** Old space, and what is too large for it. */
const OLD = ['old_space', 'large_object_space'];
/** Often enough that a collection of the whole heap hides little. */
const BETWEEN = 10;

/** Bytes an operation that have outlived two collections of the young, and stay until the whole heap is collected. */
export async function countPromoted(count: number, work: (n: number) => Promise<unknown>): Promise<number> {
  gc();
  let promoted = 0;
  let before = oldBytes();
  for (let n = 0; n < count; n += 1) {
    await work(n);
    if (n % BETWEEN !== BETWEEN - 1) continue;
    const now = oldBytes();
    promoted += Math.max(0, now - before);
    before = now;
  }
  return promoted / count;
}

function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => OLD.includes(name))
    .reduce((sum, { space_used_size: size }) => sum + size, 0);
}
