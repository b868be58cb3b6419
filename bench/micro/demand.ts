/** What does it cost to count what operations and their calls cost? Subgraphs answer in this process. */
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { OpenContext } from '../../src/plugins/GatewayPlugin.ts';
import { openFrontDoor } from '../../src/server/frontDoor/openFrontDoor.ts';
import { type Case, compareCases } from './compareCases.ts';
import { createChain, publicSnapshot } from './createChain.ts';
import { queryOf } from './publicGraph.ts';

export default async function demand(): Promise<string> {
  const tables: string[] = [];
  for (const letter of ['B', 'C', 'D']) {
    const { cases, calls } = await casesOf(letter);
    // By the time of this process: others on the machine must not count.
    const table = await compareCases(`${letter} without HTTP: ${calls} calls`, cases, { clock: 'cpu', rounds: 40 });
    tables.push(table);
  }
  return tables.join('\n\n');
}

async function casesOf(letter: string): Promise<{ readonly cases: readonly Case[]; readonly calls: number }> {
  const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
  const input = { subgraphs, demand_control: { mode: 'measure' } };
  const { config } = await loadConfig({ directory: process.cwd(), input });
  const { plugins, wrapSource, demandTotals } = await openFrontDoor(config, { info() {}, warn() {}, error() {} });
  const query = queryOf(letter);
  const caseOf = (name: string, snapshot: ReturnType<typeof publicSnapshot>, frontDoor: typeof plugins): Case => {
    const run = createChain(snapshot, { frontDoor });
    const context: OpenContext = { headers: { get: () => null }, exposePlan: false };
    return { name, run: () => run(query, { ...context }) };
  };
  const cases = [
    caseOf('nothing is counted', publicSnapshot(), {}),
    caseOf('operations are', publicSnapshot(), plugins),
    caseOf('operations and calls are', publicSnapshot({ wrapSource }), plugins),
  ];
  await cases[2]?.run();
  let calls = 0;
  for (const subgraph of demandTotals?.subgraphs.values() ?? []) calls += subgraph.calls;
  return { cases, calls };
}
