import { fileURLToPath } from 'node:url';
import { LOAD_CORE } from '../measure/cores.ts';
import { type Server, startServer } from '../measure/startServer.ts';
import type { Ports } from './portsFrom.ts';
import type { SceneName } from './Scene.ts';

/** Starts what is behind the gateway in these scenes, on the core of the load. Call what it resolves to to end it all. */
export async function startScenes(
  names: readonly SceneName[],
  ports: Ports,
  work: string,
): Promise<() => Promise<void>> {
  const has = (name: SceneName) => names.includes(name);
  const wanted = [
    { script: 'serve', port: ports.subgraphs, ready: '/stats', isWanted: names.some((name) => name !== 'demo') },
    { script: 'events', port: ports.events, ready: '/subscribers', isWanted: has('events') },
    { script: 'demo', port: ports.demo, ready: '/stats', isWanted: has('demo') },
  ].filter(({ isWanted }) => isWanted);
  const servers: Server[] = [];
  for (const { script, port, ready } of wanted)
    servers.push(
      await startServer({
        command: [process.execPath, fileURLToPath(new URL(`../subgraphs/${script}.ts`, import.meta.url))],
        env: { PORT: String(port) },
        core: LOAD_CORE,
        log: `${work}/${script}.log`,
        isReady: async () => (await fetch(`http://127.0.0.1:${port}${ready}`)).ok,
      }),
    );
  return async () => {
    for (const server of servers) await server.stop();
  };
}
