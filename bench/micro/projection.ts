/** What does the generated projection save against the interpreted walk, and after how many answers has it paid for its making? */
import { generateProjection } from '../../src/execute/generate/generateProjection.ts';
import { projectResult } from '../../src/execute/projectResult.ts';
import { compareCases } from './compareCases.ts';
import { answered, type Setting } from './createSetting.ts';
import { publicGraph, queryOf } from './publicGraph.ts';

export default async function projection(): Promise<string> {
  const setting = publicGraph();
  const cases = await Promise.all(['A', 'B', 'C'].map((letter) => casesOf(letter, setting)));
  return compareCases('Projection', cases.flat());
}

async function casesOf(letter: string, setting: Setting) {
  const { supergraph } = setting;
  const { operation, run } = await answered(setting, queryOf(letter));
  const { plan } = operation;
  const generated = generateProjection(plan, supergraph);
  const data = generated(run);
  if (data === undefined) throw new Error(`The generated projection gives up on ${letter}.`);
  return [
    { name: `${letter}: interpreted walk`, run: () => projectResult(plan, run, supergraph) },
    { name: `${letter}: generated`, run: () => generated(run) },
    { name: `${letter}: generating it`, run: () => generateProjection(plan, supergraph) },
    { name: `${letter}: the answer to text`, run: () => JSON.stringify({ data }) },
  ];
}
