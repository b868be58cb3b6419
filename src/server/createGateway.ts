/**
 * What: the front door. Where: called once by the command line, the demo or an embedder.
 * A caller sees a gateway that serves, or at least tells in /ready and the log what is missing; an `IssuesError` where the configuration is wrong.
 */
import type { Config } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';
import { openRegistry } from '../registry/openRegistry.ts';
import { assembleGateway } from './assembleGateway.ts';
import { createSnapshotStore } from './createSnapshotStore.ts';
import type { Gateway } from './Gateway.ts';
import type { GatewayOptions } from './GatewayOptions.ts';
import { readGatewayConfig } from './readGatewayConfig.ts';

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const log: Log = options.log ?? console;
  const config = await readGatewayConfig(options, log);
  const { rate_limit: limits, redis } = config;
  // Loaded where it is needed: a process that limits nothing starts without.
  const { openRateLimits } = limits === undefined ? {} : await import('./openRateLimits.ts');
  const rateLimits = limits === undefined ? undefined : await openRateLimits?.(limits, { log, redis });
  const readAgain = async (): Promise<Config> => {
    const next = await readGatewayConfig(options, log);
    await rateLimits?.update(next);
    if (rateLimits === undefined && next.rate_limit !== undefined)
      log.warn('The configuration has a section "rate_limit" now; it takes effect with the next start.');
    return next;
  };
  const registry = await openRegistry({ config, log, siblings: options.siblings, readConfig: readAgain }).catch(
    async (error: unknown) => {
      await rateLimits?.[Symbol.asyncDispose]();
      throw error;
    },
  );
  const store = createSnapshotStore(registry, {
    sources: options.sources,
    // A plugin of an embedder may change what it sees of an answer.
    sharesAnswers: (options.plugins ?? []).length === 0,
    wrapSource: rateLimits?.limitSource,
    maxObjects: config.limits.max_response_objects,
    log,
  });
  return assembleGateway({
    config,
    store,
    log,
    plugins: options.plugins,
    rateLimits,
    examples: options.examples,
    onClose: async () => rateLimits?.[Symbol.asyncDispose](),
  });
}
