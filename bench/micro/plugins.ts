/** What does the chain of Envelop plugins cost a request, with the gateway's own plugins alone and with some of an embedder's? Subgraphs answer in this process. */
import type { Plugin } from '@envelop/core';
import { parse } from 'graphql';
import { type Case, compareCases } from './compareCases.ts';
import { createChain, publicSnapshot } from './createChain.ts';
import { queryOf } from './publicGraph.ts';

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
  const snapshot = publicSnapshot();
  const query = queryOf('B');
  const context = { headers: { get: () => null }, exposePlan: false };
  const document = parse(query);
  const chain = (name: string, own: readonly Plugin[]): Case => {
    const run = createChain(snapshot, { plugins: own });
    return { name, run: () => run(query, context) };
  };
  return compareCases('B without HTTP', [
    { name: 'the executor alone', run: () => snapshot.execute({ document, context: { ...context } }) },
    chain("the gateway's own plugins", []),
    chain('and one that does nothing in every hook', [idle]),
    chain('and five of them', [idle, idle, idle, idle, idle]),
    chain('and one whose hooks are asynchronous', [waiting]),
  ]);
}
