import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/freePort.ts';

const PROGRAM = '/usr/bin/redis-server';

/** Tests that need it are skipped on a machine without; never where `CI` is set. */
export const hasRedis: boolean = existsSync(PROGRAM);

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** It stays connected and says nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port: empty, or with what its folder has. */
  restart(): Promise<void>;
}

/** A real Redis on a free port of this machine, which keeps nothing on disk, or each write in a folder. */
export async function startRedis(folder?: string): Promise<RedisServer> {
  const port = await freePort();
  let child = await start(port, folder);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart() {
      child = await start(port, folder);
    },
    [Symbol.asyncDispose]: kill,
  };
}

async function start(port: number, folder: string | undefined): Promise<ChildProcess> {
  const kept = folder === undefined ? ['no'] : ['yes', '--appendfsync', 'always', '--dir', folder];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', ...kept];
  const child = spawn(PROGRAM, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return child;
    await sleep(25);
  }
  child.kill('SIGKILL');
  throw new Error(`redis-server does not answer on port ${port}.`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
