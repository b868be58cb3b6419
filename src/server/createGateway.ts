/**
 * What: the front door. Where: called once by the command line, the demo or an embedder.
 * A caller sees a gateway that serves, or at least tells in /ready and the log what is missing; an `IssuesError` where the configuration is wrong.
 */
import type { Config } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';
import { openRegistry } from '../registry/openRegistry.ts';
import { openGatewayMetrics } from './admin/openGatewayMetrics.ts';
import { assembleGateway } from './assembleGateway.ts';
import { openAuthorization } from './authorization/openAuthorization.ts';
import { createSnapshotStore } from './createSnapshotStore.ts';
import { openFrontDoor } from './frontDoor/openFrontDoor.ts';
import type { KeySet } from './frontDoor/openKeySet.ts';
import type { Gateway } from './Gateway.ts';
import type { GatewayOptions } from './GatewayOptions.ts';
import { readGatewayConfig } from './readGatewayConfig.ts';
import type { SnapshotStore } from './SnapshotStore.ts';
import type { TlsPort } from './tls/openTlsPort.ts';

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
  let tls: TlsPort | undefined;
  let store: SnapshotStore | undefined;
  let keys: KeySet | undefined;
  const keysPath = config.subgraph_authentication?.jwks_path;
  const readAgain = async (): Promise<Config> => {
    const next = await readGatewayConfig(options, log);
    await keys?.offer(next);
    await frontDoor.update?.(next);
    if (JSON.stringify(next.tls) !== JSON.stringify(config.tls))
      log.warn('The section "tls" of the configuration has changed; it takes effect with the next start.');
    return next;
  };
  try {
    tls = await openTls(config, log);
    if (keysPath !== undefined) keys = await openKeys(config);
    const keySet = keysPath === undefined || keys === undefined ? undefined : { path: keysPath, json: keys.json };
    const registry = await openRegistry({
      config,
      log,
      siblings: options.siblings,
      cacheHttp: frontDoor.cache?.cacheHttp,
      readConfig: readAgain,
      onGraph: (supergraph) => {
        keys?.take();
        frontDoor.checkGraph?.(supergraph);
      },
    });
    store = createSnapshotStore(registry, {
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
    const metrics = await openGatewayMetrics(config, { store, frontDoor, log });
    const { plugins, examples } = options;
    return assembleGateway({
      config,
      store,
      log,
      frontDoor,
      tls,
      plugins,
      examples,
      keySet,
      noteError: metrics?.noteError,
      beside: metrics === undefined ? [] : [metrics],
    });
  } catch (error) {
    tls?.[Symbol.dispose]();
    // With it ends what decides, too.
    await (store === undefined ? authorization.close?.() : store.close());
    await frontDoor.close();
    throw error;
  }
}

async function openTls({ tls }: Config, log: Log): Promise<TlsPort | undefined> {
  return tls && (await import('./tls/openTlsPort.ts')).openTlsPort(tls, log);
}

async function openKeys(config: Config): Promise<KeySet> {
  return (await import('./frontDoor/openKeySet.ts')).openKeySet(config);
}

/** What decides, beside the operation, on the answer of a client. */
function headersAsked({ override_labels: labels, expose_plan: showsPlan }: Config): readonly string[] {
  const names = Object.values(labels).flatMap((rule) => (typeof rule === 'object' ? (rule.header ?? []) : []));
  return [...new Set([...names, ...(showsPlan ? ['weft-plan'] : [])])].toSorted();
}
