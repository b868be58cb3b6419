import type { Backends } from './startBackends.ts';

/** Ends every service at once. */
export async function closeBackends(backends: Backends): Promise<void> {
  await Promise.all(Object.values(backends).map((backend) => backend.close()));
}
