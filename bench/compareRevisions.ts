import type { Gateway } from './gateways/Gateway.ts';
import { revisionOf } from './gateways/revisionOf.ts';
import { weftGateways } from './gateways/weftGateways.ts';
import type { Measured } from './measure/measure.ts';
import { type Bench, ROOT, WORK } from './openBench.ts';
import { prepareRevision } from './prepareRevision.ts';
import type { Args } from './readArgs.ts';
import { type Pair, printComparison } from './results/printComparison.ts';
import type { Workload } from './workloads.ts';

/** Measures the working tree against a revision, pair by pair; each pair begins with the other side, so that a drift of the machine evens out. */
export async function compareRevisions(bench: Bench, args: Args, revision: string): Promise<string> {
  const then = prepareRevision(revision, { root: ROOT, work: WORK });
  const [now, before] = [weftGateways(ROOT, revisionOf(ROOT)), weftGateways(then.folder, then.name)];
  const ids = args.own ?? ['weft'];
  const pairs: Pair[] = [];
  for (let round = 0; round < args.repeat; round += 1)
    for (const workload of args.workloads)
      for (const [index, gateway] of now.entries()) {
        const older = before[index];
        if (older === undefined || !ids.includes(gateway.id) || !gateway.asks(workload)) continue;
        const isOlderFirst = round % 2 === 0;
        const first = await side(bench, isOlderFirst ? older : gateway, workload);
        const second = await side(bench, isOlderFirst ? gateway : older, workload);
        const [measuredBefore, measured] = isOlderFirst ? [first, second] : [second, first];
        pairs.push({ letter: workload.letter, gateway: gateway.name, before: measuredBefore, now: measured });
        const ratio = (measured.cpu / measuredBefore.cpu).toFixed(3);
        console.error(`${round + 1}/${args.repeat} ${workload.letter} ${gateway.id}: ${ratio} of the CPU time`);
      }
  return printComparison(pairs, { before: then.name, now: revisionOf(ROOT) });
}

/** Without one side there is no pair: its failure ends the run. */
async function side(bench: Bench, gateway: Gateway, workload: Workload): Promise<Measured> {
  try {
    return await bench.measure(gateway, workload);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`${gateway.name} at ${gateway.version}, ${workload.letter}: ${reason}`, { cause });
  }
}
