/** What does it cost to read representations out of the replies, and to write them down? */

import { createBatches } from '../../src/execute/createBatches.ts';
import { encodeVariables } from '../../src/execute/encodeVariables.ts';
import type { CallState } from '../../src/execute/Run.ts';
import { type Case, compareCases } from './compareCases.ts';
import { answered } from './createSetting.ts';
import { publicGraph, queryOf } from './publicGraph.ts';

export default async function representations(): Promise<string> {
  const setting = publicGraph();
  const { operation, run } = await answered(setting, queryOf('A'));
  const collecting = operation.plan.calls.flatMap((call): Case[] => {
    const collector = operation.collectors.get(call);
    const state = run.calls[call.id];
    if (collector === undefined || state === undefined || call.sharedWith !== null) return [];
    const graph = setting.supergraph.subgraphs[call.graph]?.name;
    const name = `collect ${state.representations.length} ${call.type} of ${call.sites.length} places for ${graph}`;
    return [{ name, run: () => recollect(state, () => collector(run)) }];
  });
  const encoding = operation.documents
    .filter(({ calls }) => calls.some(({ call }) => call.lookup !== null))
    .map((document): Case => {
      for (const { call } of document.calls) {
        const state = run.calls[call.id] as CallState;
        state.batches = createBatches(call, state);
      }
      const [{ call } = { call: undefined }] = document.calls;
      const graph = setting.supergraph.subgraphs[call?.graph ?? 0]?.name;
      return { name: `encode them for ${graph}`, run: () => encodeVariables({ document, run, variables: {} }) };
    });
  return compareCases('Representations of A', [...collecting, ...encoding]);
}

/** Collects into an empty state. */
export function recollect(state: CallState, collect: () => void): number {
  state.index.clear();
  state.lacking.clear();
  state.reached.clear();
  state.representations.length = 0;
  state.tuples.length = 0;
  collect();
  return state.representations.length;
}
