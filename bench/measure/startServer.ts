import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
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
  /** The CPU core that it has for itself. */
  readonly core: number;
  readonly log: string;
  /** Resolves to true once it answers. */
  readonly isReady: () => Promise<boolean>;
}

const PATIENCE = 20_000;

/** Starts a server as the leader of a process group of its own, and waits for its first answer. */
export async function startServer({ command, env = {}, core, log, isReady }: ServerOptions): Promise<Server> {
  const file = openSync(log, 'a');
  const begun = performance.now();
  const child = spawn('taskset', ['-c', String(core), ...command], {
    detached: true,
    stdio: ['ignore', file, file],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGTERM');
    const isLate = await Promise.race([gone.then(() => false), wait(5000, true, { ref: false })]);
    if (isLate) process.kill(-child.pid, 'SIGKILL');
    await gone;
  };
  while (performance.now() - begun < PATIENCE) {
    if (child.exitCode !== null) throw new Error(`"${command.join(' ')}" ended with ${child.exitCode}; see ${log}.`);
    if (await isReady().catch(() => false)) return { child, started: performance.now() - begun, stop };
    await wait(10);
  }
  await stop();
  throw new Error(`"${command.join(' ')}" did not answer within ${PATIENCE / 1000} s; see ${log}.`);
}
