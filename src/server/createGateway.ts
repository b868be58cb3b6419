/**
 * What: the front door. Where: called once by the command line, the demo or an embedder.
 * A caller sees a gateway that serves, or at least tells in /ready and the log what is missing; an `IssuesError` where the configuration is wrong.
 */
import type { Config } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';
import { openRegistry } from '../registry/openRegistry.ts';
import { assembleGateway } from './assembleGateway.ts';
import { openAuthorization } from './authorization/openAuthorization.ts';
import { createSnapshotStore } from './createSnapshotStore.ts';
import { openFrontDoor } from './frontDoor/openFrontDoor.ts';
import type { Gateway } from './Gateway.ts';
import type { GatewayOptions } from './GatewayOptions.ts';
import { readGatewayConfig } from './readGatewayConfig.ts';

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const log: Log = options.log ?? console;
  const config = await readGatewayConfig(options, log);
  // First: what is wrong in it keeps nothing open.
  const authorization = await openAuthorization({ config, policies: options.policies, log });
  const frontDoor = await openFrontDoor(config, log, {
    siblings: options.siblings,
    copies: (options.plugins ?? []).length > 0,
    varyOn: headersAsked(config),
  });
  const readAgain = async (): Promise<Config> => {
    const next = await readGatewayConfig(options, log);
    await frontDoor.update?.(next);
    return next;
  };
  try {
    const registry = await openRegistry({
      config,
      log,
      siblings: options.siblings,
      cacheHttp: frontDoor.cache?.cacheHttp,
      readConfig: readAgain,
      onGraph: frontDoor.checkGraph,
    });
    const store = createSnapshotStore(registry, {
      sources: options.sources,
      // A plugin of an embedder may change what it sees of an answer.
      sharesAnswers: (options.plugins ?? []).length === 0,
      wrapSource: frontDoor.wrapSource,
      cache: frontDoor.cache,
      maxObjects: config.limits.max_response_objects,
      authorization,
      hideSuggestions: !config.introspection || config.authorization?.introspection === 'allowed',
      log,
    });
    return assembleGateway({ config, store, log, frontDoor, plugins: options.plugins, examples: options.examples });
  } catch (error) {
    await frontDoor.close();
    await authorization.close?.();
    throw error;
  }
}

/** What decides, beside the operation, on the answer of a client. */
function headersAsked({ override_labels: labels, expose_plan: showsPlan }: Config): readonly string[] {
  const names = Object.values(labels).flatMap((rule) => (typeof rule === 'object' ? (rule.header ?? []) : []));
  return [...new Set([...names, ...(showsPlan ? ['weft-plan'] : [])])].toSorted();
}
