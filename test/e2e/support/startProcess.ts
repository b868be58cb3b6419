import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

export interface StartedProcess {
  readonly pid: number;
  /** What it has printed so far, to both outputs. */
  output(): string;
  /** Resolves with the match as soon as the output has it; rejects where the process ends without. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts a command; killed after the test where it still runs. With `detached` it leads a process group of its own. */
export function startProcess(
  t: TestContext,
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'detached'> = {},
): StartedProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close').then(([code, signal]): number | string => code ?? String(signal));
  t.after(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  let text = '';
  let check = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      check();
    });
  }
  return {
    pid: child.pid ?? 0,
    output: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        check = () => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match);
        };
        check();
        closed.then(
          (code) => reject(new Error(`"${command}" ended with ${code}, before ${pattern}:\n${text}`)),
          reject,
        );
      }),
    kill: (signal) => void child.kill(signal),
    ended: closed,
  };
}
