/** What does the chain of Envelop plugins cost a request, with the gateway's own plugins alone and with some of an embedder's? Subgraphs answer in this process. */

import type { Plugin } from '@envelop/core';
import { parse } from 'graphql';
import * as v from 'valibot';
import { limitsSchema } from '../../src/config/schema/limitsSchema.ts';
import { GatewayError } from '../../src/errors/GatewayError.ts';
import { toGraphQLError } from '../../src/errors/toGraphQLError.ts';
import { createStreamSet } from '../../src/plugins/createStreamSet.ts';
import { gatewayPlugins } from '../../src/plugins/gatewayPlugins.ts';
import type { ServedSnapshot } from '../../src/plugins/ServedSnapshot.ts';
import { createSnapshotStore } from '../../src/server/createSnapshotStore.ts';
import { runOperation } from '../../src/server/lane/runOperation.ts';
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
  const chain = (name: string, own: readonly Plugin[]): Case => {
    const yoga = serverWith(snapshot, own);
    return { name, run: () => runOperation({ yoga, paramsHooks: [] }, { query }, context) };
  };
  return compareCases('B without HTTP', [
    { name: 'the executor alone', run: () => snapshot.execute({ document, context: { ...context } }) },
    chain("the gateway's own plugins", []),
    chain('and one that does nothing in every hook', [idle]),
    chain('and five of them', [idle, idle, idle, idle, idle]),
    chain('and one whose hooks are asynchronous', [waiting]),
  ]);
}

function serverWith(snapshot: ServedSnapshot, plugins: readonly Plugin[]) {
  const mask = (error: unknown) => toGraphQLError(new GatewayError('BAD_REQUEST', String(error)));
  const own = gatewayPlugins({
    limits: v.parse(limitsSchema, {}),
    introspection: true,
    streams: createStreamSet(mask),
    current: () => snapshot,
    plugins,
  });
  return createYogaServer({ path: '/graphql', plugins: own, mask });
}
