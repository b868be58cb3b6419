import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../exitCodes.ts';
import { type FromWorker, WRITER } from './messages.ts';
import { relayWrites } from './relayWrites.ts';

/** A worker that dies young is not replaced at once: a fault at the start would burn a core. */
const YOUNG = 1_000;

/**
 * Runs this command in `count` workers that share one address, until SIGINT or SIGTERM; SIGHUP is handed on. A worker that dies is replaced.
 * The first one starts alone: what keeps it from serving is said once, and its exit code is ours.
 */
export async function serveWorkers(count: number): Promise<number> {
  const places = new Map<number, Worker>();
  const writes = relayWrites(() => [...places.values()]);
  let isStopping = false;
  let code: number = exitCodes.ok.code;
  const stop = (): void => {
    isStopping = true;
    for (const { process } of places.values()) process.kill('SIGTERM');
  };
  const replace = async (place: number, worker: Worker, startedAt: number): Promise<void> => {
    const { exitCode, signalCode } = worker.process;
    console.error(`Worker ${place} ended (${signalCode ?? `code ${exitCode}`}); another one takes its place.`);
    if (Date.now() - startedAt < YOUNG) await sleep(YOUNG);
    if (isStopping) return;
    if ((await start(place)) !== undefined) console.error(`Worker ${place} serves again.`);
  };
  const start = (place: number): Promise<string | undefined> =>
    new Promise((resolve) => {
      const startedAt = Date.now();
      const worker = cluster.fork(place === 1 ? { [WRITER]: '1' } : {});
      let isServing = false;
      places.set(place, worker);
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'written') writes.relay(worker, message.id);
        if (message.kind === 'confirmed') writes.confirm(worker, message.of);
        if (message.kind !== 'serves') return;
        isServing = true;
        resolve(message.url);
      });
      worker.once('exit', (exitCode: number) => {
        places.delete(place);
        writes.forget(worker);
        if (isServing && !isStopping) void replace(place, worker, startedAt);
        else if (!isServing && !isStopping) {
          code = exitCode === exitCodes.ok.code ? exitCodes.failure.code : exitCode;
          stop();
        }
        resolve(undefined);
        if (isStopping && places.size === 0) ended();
      });
    });
  let ended = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    ended = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  process.on('SIGHUP', () => {
    for (const worker of places.values()) worker.process.kill('SIGHUP');
  });
  const url = await start(1);
  if (url !== undefined && !isStopping) {
    await Promise.all(Array.from({ length: count - 1 }, (_, index) => start(index + 2)));
    if (!isStopping) console.log(`Weft serves ${url} in ${count} processes`);
  }
  await over;
  return code;
}
