import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Config, SchemaLocation, SubgraphConfig } from '../../src/config/Config.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';
import type { Clock } from '../../src/registry/Clock.ts';
import type { LoadSubgraph } from '../../src/registry/createLoader.ts';
import { openRegistry } from '../../src/registry/openRegistry.ts';
import type { Registry } from '../../src/registry/Registry.ts';
import type { RegistryOptions } from '../../src/registry/RegistryOptions.ts';
import type { Snapshot } from '../../src/registry/Snapshot.ts';
import type { CreateSource } from '../../src/sources/createSourceFactory.ts';
import { loadSubgraph } from '../../src/sources/loadSubgraph.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
export const USERS = `${LINK}\ntype Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String }`;
export const REVIEWS = `${LINK}\ntype User @key(fields: "id") { id: ID! stars: Int }`;
/** Does not compose with `USERS`: two kinds of one type. */
export const CLASH = `${LINK}\ntype Query { other: String }\nenum User { A }`;

const registries = new WeakMap<TestContext, Registry[]>();

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-registry-'));
  // Hooks run in the order of their registration; a registry that still writes there must end first.
  const opened: Registry[] = [];
  registries.set(t, opened);
  t.after(async () => {
    await Promise.all(opened.map((registry) => registry.close()));
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A decoded configuration of that folder; `subgraphs` and everything else in the words of a file. */
export async function configOf(directory: string, input: Readonly<Record<string, unknown>>): Promise<Config> {
  return (await loadConfig({ directory, input, env: {} })).config;
}

/** A clock whose timers run when the test says so. */
export function manualClock() {
  const timers = new Set<{ readonly milliseconds: number; readonly run: () => void }>();
  const clock: Clock = {
    now: () => new Date(),
    after(milliseconds, run) {
      const timer = { milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const pass = (): number => {
    const due = [...timers];
    timers.clear();
    for (const { run } of due) run();
    return due.length;
  };
  return { clock, pass, waiting: () => [...timers].map(({ milliseconds }) => milliseconds) };
}

/** Backends by name: SDL, or undefined while it is down. Files are loaded as ever. */
export function fakeBackends(backends: Record<string, string | undefined>): LoadSubgraph {
  return async (config: SubgraphConfig, options) => {
    const { kind }: SchemaLocation = config.schema ?? { kind: 'introspection' };
    if (kind === 'file' || kind === 'sdl') return loadSubgraph(config, options);
    const sdl = backends[config.name];
    if (sdl === undefined) {
      throw new IssuesError('', [{ message: 'Nothing listens there.', code: 'SUBGRAPH_UNREACHABLE' }]);
    }
    return { name: config.name, url: config.url ?? '', sdl, definition: { source: { kind: 'graphql' } } };
  };
}

export function fakeSources() {
  const made: string[] = [];
  const closed: string[] = [];
  const createSource: CreateSource = ({ name, url }) => {
    made.push(name);
    return {
      name,
      fetch: async () => ({ data: { url } }),
      close: async () => void closed.push(name),
    };
  };
  return { made, closed, createSource };
}

export function recordingLog() {
  const lines: string[] = [];
  const add =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level}: ${message}`);
  return { lines, info: add('info'), warn: add('warn'), error: add('error') };
}

/** Closed when the test ends; the test has called `temporaryFolder`. */
export async function open(t: TestContext, options: Omit<RegistryOptions, 'log'> & Partial<RegistryOptions>) {
  const log = recordingLog();
  const sources = fakeSources();
  const registry = await openRegistry({ log, createSource: sources.createSource, ...options });
  registries.get(t)?.push(registry);
  return { registry, log, sources };
}

export function nextSwap(registry: Registry): Promise<Snapshot> {
  return new Promise((resolve) => {
    const stop = registry.onSwap((snapshot) => {
      stop();
      resolve(snapshot);
    });
  });
}

export function states(registry: Registry): string[] {
  return registry.status().subgraphs.map(({ name, state }) => `${name} ${state}`);
}

export function hasField(registry: Registry, type: string, field: string): boolean {
  return registry.current?.supergraph.types.get(type)?.fields.has(field) === true;
}
