import { DOCUMENTS } from '../subgraphs/composeGraph.ts';
import { createAnswers } from '../subgraphs/createAnswers.ts';
import { WORKLOADS } from '../workloads.ts';
import { createSetting, type Setting } from './createSetting.ts';

/** The four subgraphs of the benchmark, in this process. */
export function publicGraph(): Setting {
  const answers = new Map(DOCUMENTS.map(({ name }) => [name, createAnswers(name)]));
  return createSetting(DOCUMENTS, (subgraph, body) => answers.get(subgraph)?.of(body) ?? '{}');
}

/** The query of a workload. */
export function queryOf(letter: string): string {
  const found = WORKLOADS.find((workload) => workload.letter === letter);
  if (found === undefined) throw new Error(`There is no workload "${letter}".`);
  return found.body.query;
}
