import { GatewayError } from '../../../errors/GatewayError.ts';
import type { UsedProofs } from './createProofChecker.ts';

export interface MemoryProofsOptions {
  /** Milliseconds for which a proof could be used again, were it not remembered. */
  readonly window: number;
  readonly now: () => number;
  /** Proofs of one window: 7,000 a second, 58 MB. Past it nobody is let in by one, for to forget one is to accept it twice. */
  readonly most?: number | undefined;
}

/** Two generations: whatever is in the older one is a window old, at least, once it is dropped. */
export function createMemoryProofs({ window, now, most = 500_000 }: MemoryProofsOptions): UsedProofs {
  let young = new Set<string>();
  let old = new Set<string>();
  let startedAt = now();
  const turn = (): void => {
    const age = now() - startedAt;
    if (age < window) return;
    old = age < 2 * window ? young : new Set();
    young = new Set();
    startedAt = now();
  };
  return {
    use(key) {
      turn();
      if (young.has(key) || old.has(key)) return false;
      if (young.size >= most)
        throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Too many proofs are being used at the moment.');
      young.add(key);
      return true;
    },
  };
}
