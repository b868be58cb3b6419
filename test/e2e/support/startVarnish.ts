import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/freePort.ts';
import { until } from '../../support/until.ts';

const PROGRAM = '/usr/sbin/varnishd';

/** Tests that need it are skipped on a machine without; never where `CI` is set. */
export const hasVarnish: boolean = existsSync(PROGRAM);

export interface Varnish extends AsyncDisposable {
  readonly url: string;
}

/** A real Varnish with its own rules and nothing else, before the HTTP server on this port. */
export async function startVarnish(backend: number): Promise<Varnish> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'weft-varnish-'));
  // Its workers run as a user of their own.
  await chmod(folder, 0o755);
  const args = ['-F', '-n', folder, '-a', `127.0.0.1:${port}`, '-b', `127.0.0.1:${backend}`, '-s', 'malloc,16m'];
  // What is stale is not given while it is fetched again, which a test could not tell from a fault; it is kept to ask again with its tag.
  const child = spawn(PROGRAM, [...args, '-p', 'default_grace=0', '-p', 'default_keep=60'], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error('varnishd has ended.');
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
