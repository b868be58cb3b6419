/** What does the chain of Envelop plugins cost a request, with the gateway's own plugins alone and with some of an embedder's? Subgraphs answer in this process. */
import type { Plugin } from '@envelop/core';
import { parse } from 'graphql';
import * as v from 'valibot';
import { rateLimitSchema } from '../../src/config/schema/rateLimitSchema.ts';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { toGraphQLError } from '../../src/errors/toGraphQLError.ts';
import { createStreamSet } from '../../src/plugins/createStreamSet.ts';
import type { GatewayPlugin } from '../../src/plugins/GatewayPlugin.ts';
import { gatewayPlugins } from '../../src/plugins/gatewayPlugins.ts';
import type { ServedSnapshot } from '../../src/plugins/ServedSnapshot.ts';
import { createSnapshotStore } from '../../src/server/createSnapshotStore.ts';
import { runOperation } from '../../src/server/lane/runOperation.ts';
import { openRateLimits } from '../../src/server/openRateLimits.ts';
import { createYogaServer } from '../../src/server/yoga/createYogaServer.ts';
import { type Case, compareCases } from './compareCases.ts';
import { publicGraph, queryOf } from './publicGraph.ts';

const idle: Plugin = {
  onParse: () => () => undefined,
  onValidate: () => () => undefined,
  onContextBuilding: () => undefined,
  onExecute: () => ({ onExecuteDone: () => undefined }),
};
const waiting: Plugin = {
  onContextBuilding: async () => undefined,
  onExecute: async () => ({ onExecuteDone: async () => undefined }),
};

export default async function plugins(): Promise<string> {
  const { supergraph, sources } = publicGraph();
  const store = createSnapshotStore({
    current: { supergraph, sources, retain() {}, release() {} },
    status: () => ({}),
    reload: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  const snapshot = store.current;
  if (snapshot === undefined) throw new Error('There is no snapshot.');
  const query = queryOf('B');
  const context = { headers: { get: () => null }, exposePlan: false };
  const document = parse(query);
  const chain = (name: string, own: readonly GatewayPlugin[]): Case => {
    const yoga = serverWith(snapshot, own);
    const paramsHooks = own.flatMap(({ onParams }) => onParams ?? []);
    return { name, run: () => runOperation({ yoga, paramsHooks }, { query }, { ...context }) };
  };
  const limited = async (rules: readonly object[]) => {
    const section = v.parse(rateLimitSchema, { rules });
    return (await openRateLimits(section, { log: console })).plugin;
  };
  const rate = { rate: 1_000_000, window: '1s' };
  return compareCases('B without HTTP', [
    { name: 'the executor alone', run: () => snapshot.execute({ document, context: { ...context } }) },
    chain("the gateway's own plugins", []),
    chain('and one that does nothing in every hook', [idle]),
    chain('and five of them', [idle, idle, idle, idle, idle]),
    chain('and one whose hooks are asynchronous', [waiting]),
    chain('and a rate limit', [await limited([{ name: 'each', ...rate }])]),
    chain('and one of operations at a time, too', [await limited([{ name: 'each', ...rate, concurrency: 1_000 }])]),
  ]);
}

function serverWith(snapshot: ServedSnapshot, plugins: readonly GatewayPlugin[]) {
  const mask = (error: unknown) => toGraphQLError(new GatewayError('BAD_REQUEST', String(error)));
  const own = gatewayPlugins({
    limits: { max_depth: 200, max_tokens: 15_000 },
    introspection: true,
    streams: createStreamSet(mask),
    current: () => snapshot,
    plugins,
  });
  return createYogaServer({ path: '/graphql', plugins: own, mask });
}
