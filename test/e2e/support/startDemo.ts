import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGateway, type Gateway } from '../../../src/index.ts';
import { backendEnvironment } from '../../../subgraphs/backendEnvironment.ts';
import { closeBackends } from '../../../subgraphs/closeBackends.ts';
import { type Backends, startBackends } from '../../../subgraphs/startBackends.ts';
import { createTestLog, type TestLog } from './createTestLog.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Demo {
  readonly backends: Backends;
  readonly gateway: Gateway;
  /** The endpoint. */
  readonly url: string;
  /** Has a copy of weft.config.yaml and of schemas/, which the gateway reads. */
  readonly directory: string;
  readonly log: TestLog;
  /** Requests by backend since the last call; all are reset. */
  countRequests(): Readonly<Record<string, number>>;
}

export interface DemoOptions {
  /** Further keys of the configuration, as YAML. */
  readonly config?: string | undefined;
  /** Called before the gateway starts. */
  readonly prepare?:
    | ((parts: { readonly backends: Backends; readonly directory: string }) => Promise<void>)
    | undefined;
}

/** The real demo on free ports: its five services and the gateway over its own weft.config.yaml. All ends with the test. */
export async function startDemo(t: TestContext, options: DemoOptions = {}): Promise<Demo> {
  const backends = await startBackends({ accounts: 0, products: 0, reviews: 0, inventory: 0, shipping: 0 });
  let started: Gateway | undefined;
  // Hooks run in the order of their registration, so this one is whole.
  t.after(async () => {
    await started?.close();
    await closeBackends(backends);
  });
  const directory = await writeDemoConfig(t, backendEnvironment(backends), options.config);
  await options.prepare?.({ backends, directory });
  const log = createTestLog();
  const gateway = await createGateway({ configFile: join(directory, 'weft.config.yaml'), log });
  started = gateway;
  const { url } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const countRequests = () => {
    const counts = Object.fromEntries(Object.values(backends).map(({ name, requests }) => [name, requests()]));
    for (const backend of Object.values(backends)) backend.reset();
    return counts;
  };
  countRequests();
  return { backends, gateway, url, directory, log, countRequests };
}

/** A folder with the demo's configuration and schemas, `${env...}` filled in, so that several demos fit into one process. */
export async function writeDemoConfig(
  t: TestContext,
  environment: Readonly<Record<string, string>>,
  further = '',
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-demo-'));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));
  await cp(join(root, 'schemas'), join(directory, 'schemas'), { recursive: true });
  const config = await readFile(join(root, 'weft.config.yaml'), 'utf8');
  const filled = config.replaceAll(
    /\$\{env\.(\w+)(?::-([^}]*))?\}/g,
    (_match, name, fallback) => environment[name] ?? fallback,
  );
  await writeFile(join(directory, 'weft.config.yaml'), `${filled}\n${further}\n`);
  return directory;
}
