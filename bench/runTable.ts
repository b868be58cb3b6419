import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { commandGateway } from './gateways/commandGateway.ts';
import { floors } from './gateways/floors.ts';
import type { Gateway } from './gateways/Gateway.ts';
import { revisionOf } from './gateways/revisionOf.ts';
import { weftGateways } from './gateways/weftGateways.ts';
import { type Bench, ROOT, WORK } from './openBench.ts';
import { installPeer } from './peers/installPeer.ts';
import { peers } from './peers/peers.ts';
import type { Args } from './readArgs.ts';
import { describeRun } from './results/describeRun.ts';
import { printSides } from './results/printSides.ts';
import { printTables } from './results/printTables.ts';
import type { Miss, Row } from './results/Row.ts';

const ROWS = `${WORK}/rows.jsonl`;

/** Measures every gateway on every workload, interleaved. Returns Markdown, and the gateways without figures: one that fails does not end the run. */
export async function runTable(
  bench: Bench,
  args: Args,
  argv: readonly string[],
): Promise<readonly [string, readonly Miss[]]> {
  if (!args.resume) rmSync(ROWS, { force: true });
  const [gateways, misses] = chooseGateways(args);
  const rows: Row[] = existsSync(ROWS) ? readRows(readFileSync(ROWS, 'utf8')) : [];
  for (let round = 1; round <= args.repeat; round += 1)
    for (const workload of args.workloads)
      for (const gateway of gateways) {
        const place = { gateway: gateway.id, letter: workload.letter, round };
        const isSame = (one: Partial<Row>) => one.gateway === gateway.id && one.letter === workload.letter;
        if (!gateway.asks(workload) || misses.some(isSame)) continue;
        if (rows.some((row) => isSame(row) && row.round === round)) continue;
        const row = await bench.measure(gateway, workload).catch(oneLine);
        if (typeof row === 'string') misses.push({ gateway: gateway.id, letter: workload.letter, reason: row });
        else {
          rows.push({ ...place, ...row });
          appendFileSync(ROWS, `${JSON.stringify({ ...place, ...row })}\n`);
        }
        const said = typeof row === 'string' ? row : `${row.cpu.toFixed(0)} µs a request`;
        console.error(`${round}/${args.repeat} ${workload.letter} ${gateway.id}: ${said}`);
      }
  const tables = printTables({ workloads: args.workloads, gateways, rows, misses });
  return [[describeRun(args, argv), printSides(gateways), tables].join('\n\n'), misses];
}

function chooseGateways({ own, peers: ids, gateways }: Args): readonly [readonly Gateway[], Miss[]] {
  const misses: Miss[] = [];
  const installed = peers(ids, `${WORK}/peers`).filter((peer) => {
    try {
      installPeer(peer.package, `${WORK}/peers/${peer.package}`);
      return true;
    } catch (error) {
      misses.push({ gateway: peer.name, reason: `cannot be installed: ${oneLine(error)}` });
      return false;
    }
  });
  const all = [...weftGateways(ROOT, revisionOf(ROOT)), ...floors];
  const chosen = own === undefined ? all : all.filter(({ id }) => own.includes(id));
  return [[...chosen, ...installed, ...gateways.map(({ name, command }) => commandGateway(name, command))], misses];
}

const readRows = (text: string): Row[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300);
