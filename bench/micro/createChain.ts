import type { ExecutionResult } from 'graphql';
import * as v from 'valibot';
import { limitsSchema } from '../../src/config/schema/limitsSchema.ts';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { toGraphQLError } from '../../src/errors/toGraphQLError.ts';
import { createStreamSet } from '../../src/plugins/createStreamSet.ts';
import type { OpenContext } from '../../src/plugins/GatewayPlugin.ts';
import { type GatewayPluginsOptions, gatewayPlugins } from '../../src/plugins/gatewayPlugins.ts';
import type { ServedSnapshot } from '../../src/plugins/ServedSnapshot.ts';
import { createSnapshotStore, type SnapshotStoreOptions } from '../../src/server/createSnapshotStore.ts';
import { runOperation } from '../../src/server/lane/runOperation.ts';
import { createYogaServer } from '../../src/server/yoga/createYogaServer.ts';
import { publicGraph } from './publicGraph.ts';

/** The public graph, whose subgraphs answer in this process. */
export function publicSnapshot(options: Pick<SnapshotStoreOptions, 'wrapSource'> = {}): ServedSnapshot {
  const { supergraph, sources } = publicGraph();
  const registry = {
    current: { supergraph, sources, retain() {}, release() {} },
    status: () => ({}),
    reload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const store = createSnapshotStore(registry, options);
  if (store.current === undefined) throw new Error('There is no snapshot.');
  return store.current;
}

/** All plugins as the fast lane runs them, without HTTP. */
export function createChain(
  snapshot: ServedSnapshot,
  own: Partial<Pick<GatewayPluginsOptions, 'plugins' | 'frontDoor'>>,
): (query: string, context: OpenContext) => Promise<ExecutionResult> {
  const mask = (error: unknown) => toGraphQLError(new GatewayError('BAD_REQUEST', String(error)));
  const plugins = gatewayPlugins({
    limits: v.parse(limitsSchema, {}),
    introspection: true,
    timeout: 60_000,
    streams: createStreamSet(mask),
    current: () => snapshot,
    plugins: [],
    ...own,
  });
  const yoga = createYogaServer({ path: '/graphql', plugins, mask });
  const paramsHooks = plugins.flatMap(({ onParams }) => onParams ?? []);
  return (query, context) => runOperation({ yoga, paramsHooks }, { query }, context);
}
