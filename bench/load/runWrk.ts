import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOAD_CORE } from '../measure/cores.ts';
import type { Loaded } from './Driver.ts';

export interface Load {
  readonly url: string;
  readonly bodyFile: string;
  readonly mode: string;
  readonly connections: number;
  /** Milliseconds that a connection rests after an answer, on average; default 0. */
  readonly pause?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const SCRIPT = fileURLToPath(new URL('./load.lua', import.meta.url));
const run = promisify(execFile);
let runs = 0;

/** As many requests as `wrk` gets answered over some connections in some time. */
export async function runWrk(
  { url, bodyFile, mode, connections, pause = 0, headers = {} }: Load,
  seconds: number,
): Promise<Loaded> {
  runs += 1;
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '--latency', '-s', SCRIPT, url];
  const env = {
    ...process.env,
    BODY_FILE: bodyFile,
    MODE: mode,
    SEED: `${process.pid}x${runs}`,
    PAUSE_MS: String(pause),
    HEADERS: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  };
  const { stdout } = await run('taskset', ['-c', String(LOAD_CORE), 'wrk', ...options], { env });
  const report = /@@(.*)/.exec(stdout)?.[1];
  if (report === undefined) throw new Error(`wrk said nothing that could be read:\n${stdout}`);
  // A closed loop: when it ends, each connection waits for an answer.
  return { ...(JSON.parse(report) as Omit<Loaded, 'unanswered'>), unanswered: connections };
}
