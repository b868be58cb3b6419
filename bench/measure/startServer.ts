import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface Server {
  readonly child: ChildProcess;
  /** Milliseconds from the start to the first answer. */
  readonly started: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** The CPU core that it has for itself, or several, as `taskset` takes them. */
  readonly core: number | string;
  readonly log: string;
  /** Resolves to true once it answers. */
  readonly isReady: () => Promise<boolean>;
}

const PATIENCE = 20_000;

/** Leaders of the groups that run. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) process.kill(-pid, 'SIGKILL');
});

/** Starts a server as the leader of a process group of its own, and waits for its first answer. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { command, env = {}, cwd, core, log, isReady } = options;
  const file = openSync(log, 'a');
  const begun = performance.now();
  const child = spawn('taskset', ['-c', String(core), ...command], {
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', file, file],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  const leader = child.pid;
  if (leader !== undefined) running.add(leader);
  child.on('error', () => {});
  child.on('exit', () => running.delete(leader ?? 0));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGTERM');
    const isLate = await Promise.race([gone.then(() => false), wait(5000, true, { ref: false })]);
    if (isLate) process.kill(-child.pid, 'SIGKILL');
    await gone;
  };
  while (performance.now() - begun < PATIENCE) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${lastLine(log)}`);
    if (await isReady().catch(() => false)) return { child, started: performance.now() - begun, stop };
    await wait(10);
  }
  await stop();
  throw new Error(`It did not answer within ${PATIENCE / 1000} s: ${lastLine(log)}`);
}

/** What it said last, for a message of one line. */
function lastLine(log: string): string {
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  return lines.at(-1) || `see ${log}`;
}
