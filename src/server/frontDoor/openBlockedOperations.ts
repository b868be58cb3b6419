import type { SecurityConfig } from '../../config/Config.ts';
import type { GatewayPlugin } from '../../plugins/GatewayPlugin.ts';
import { type BlockedOperations, useBlockedOperations } from '../../plugins/useBlockedOperations.ts';
import { decideBy } from './decideBy.ts';

export interface OpenBlockedOperations {
  readonly plugin: GatewayPlugin;
  /** Reads those of another configuration; what it resolves with takes them over. */
  prepare(config: SecurityConfig | undefined): Promise<() => void>;
}

export async function openBlockedOperations(config: SecurityConfig): Promise<OpenBlockedOperations> {
  let blocked = await compile(config);
  return {
    plugin: useBlockedOperations(() => blocked),
    async prepare(next) {
      const made = next === undefined ? {} : await compile(next);
      return () => {
        blocked = made;
      };
    },
  };
}

/** What an expression speaks of and is not there blocks: a guard that fails is shut. */
async function compile({ block_mutations, block_subscriptions }: SecurityConfig): Promise<BlockedOperations> {
  return {
    mutation: block_mutations === false ? undefined : await decideBy(block_mutations, true),
    subscription: block_subscriptions === false ? undefined : await decideBy(block_subscriptions, true),
  };
}
