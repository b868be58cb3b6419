import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Gateway } from './gateways/Gateway.ts';
import type { Driver } from './load/Driver.ts';
import { eventDriver } from './load/eventDriver.ts';
import { requestDriver } from './load/requestDriver.ts';
import { LOAD_CORE } from './measure/cores.ts';
import { type Measured, measure } from './measure/measure.ts';
import { DISTURBED } from './measure/otherWork.ts';
import type { Args } from './readArgs.ts';
import { reference } from './reference.ts';
import { createScene } from './scenes/createScene.ts';
import { demoAnswer } from './scenes/demoAnswer.ts';
import { portsFrom } from './scenes/portsFrom.ts';
import type { Scene } from './scenes/Scene.ts';
import { startScenes } from './scenes/startScenes.ts';
import type { Workload } from './workloads.ts';

export interface Bench {
  /** One fresh process of a gateway on one workload; once more, up to twice, where other work disturbed it. */
  measure(gateway: Gateway, workload: Workload): Promise<Measured>;
  close(): Promise<void>;
}

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** What is written; ignored by git. */
export const WORK = `${ROOT}/.bench`;

const MOST_TRIES = 3;

/** Builds Weft, and moves this process to the core of the load. */
export function prepareBench(): void {
  mkdirSync(WORK, { recursive: true });
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  execFileSync('taskset', ['-apc', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
}

/** Builds Weft, composes the graphs, and starts what is behind the gateways. */
export async function openBench({ workloads, ports: first, warmUp, seconds }: Args): Promise<Bench> {
  if (cpus().length < 2) throw new Error('Expected two CPU cores: one for the gateway, one for all others.');
  prepareBench();
  const ports = portsFrom(first);
  const names = [...new Set(workloads.map(({ scene }) => scene))];
  const scenes = new Map(names.map((name) => [name, createScene(name, ports, WORK)]));
  const close = await startScenes(names, ports, WORK);
  const once = (gateway: Gateway, workload: Workload) => {
    const answerFile = fileOf(workload, 'answer');
    const body = JSON.stringify(workload.body);
    writeFileSync(fileOf(workload, 'body'), body);
    writeFileSync(answerFile, JSON.stringify(answerTo(workload)));
    const url = `http://127.0.0.1:${ports.gateway}/graphql`;
    const driver: Driver =
      workload.mode === 'events'
        ? eventDriver({
            url: url.replace('http', 'ws'),
            query: workload.body.query,
            source: `http://127.0.0.1:${ports.events}`,
            clients: workload.connections,
          })
        : requestDriver(
            { ...workload, url, bodyFile: fileOf(workload, 'body'), headers: gateway.headers },
            body,
            answerTo(workload),
          );
    const scene = scenes.get(workload.scene) as Scene;
    const place = { port: ports.gateway, scene, work: WORK, letter: workload.letter, answerFile };
    return measure(gateway, place, driver, { url, warmUp, seconds, log: `${WORK}/${gateway.id}.log` });
  };
  return {
    async measure(gateway, workload) {
      let best = await once(gateway, workload);
      for (let n = 1; n < MOST_TRIES && best.other > DISTURBED; n += 1) {
        console.error(`${gateway.id} was disturbed by ${best.other.toFixed(0)} % other work: once more`);
        const again = await once(gateway, workload);
        if (again.other < best.other) best = again;
      }
      return best;
    },
    close,
  };
}

const fileOf = ({ letter }: Workload, kind: string) => `${WORK}/${letter.replace('@', '-')}.${kind}.json`;

/** Of an event only the driver knows: each is another one. */
function answerTo({ scene, body }: Workload): { readonly data?: unknown } {
  if (scene === 'events') return {};
  return scene === 'demo' ? (demoAnswer() as { readonly data: unknown }) : reference(body);
}
