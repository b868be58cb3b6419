import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config, SubgraphConfig } from '../config/Config.ts';
import { isRecord } from '../lib/isRecord.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import { identityOf } from './identityOf.ts';

/** Last good schemas on disk. What cannot be read counts as not there. */
export interface StateStore {
  readSubgraph(config: SubgraphConfig): Promise<Subgraph | undefined>;
  writeSubgraph(config: SubgraphConfig, subgraph: Subgraph): Promise<void>;
  /** The last supergraph that was composed of these very subgraphs. */
  readSupergraph(parts: Composition): Promise<string | undefined>;
  writeSupergraph(parts: Composition, sdl: string): Promise<void>;
}

/** What a supergraph is made of. */
export type Composition = Pick<Config, 'subgraphs' | 'additionalTypeDefs'>;

/** Files in `directory`; each is written beside its place, synced and renamed, so that a crash leaves the old or the new one. */
export function createStateStore(directory: string): StateStore {
  const subgraphFile = (name: string): string => join(directory, 'subgraphs', `${encodeURIComponent(name)}.json`);
  const supergraphFile = join(directory, 'supergraph.json');
  return {
    async readSubgraph(config) {
      const value = await readEntry(subgraphFile(config.name), digest(identityOf(config)));
      return isSubgraph(value) ? value : undefined;
    },
    writeSubgraph: (config, subgraph) =>
      writeEntry(subgraphFile(config.name), { of: digest(identityOf(config)), value: subgraph }),
    async readSupergraph(parts) {
      const value = await readEntry(supergraphFile, compositionOf(parts));
      return typeof value === 'string' ? value : undefined;
    },
    writeSupergraph: (parts, sdl) => writeEntry(supergraphFile, { of: compositionOf(parts), value: sdl }),
  };
}

/** For all processes but the one that writes. */
export function readingOnly(store: StateStore): StateStore {
  const leave = async () => undefined;
  return { ...store, writeSubgraph: leave, writeSupergraph: leave };
}

function digest(facts: unknown): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** What a composed graph is of. What hides or joins fields counts too: an older graph must not show what is hidden now. */
function compositionOf({ subgraphs, additionalTypeDefs }: Composition): string {
  const parts = subgraphs.map((config) => [identityOf(config), config.transforms, config.merge, config.subscriptions]);
  return digest(additionalTypeDefs.length === 0 ? parts : [parts, additionalTypeDefs]);
}

async function readEntry(file: string, of: string): Promise<unknown> {
  try {
    const entry: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isRecord(entry) && entry['of'] === of ? entry['value'] : undefined;
  } catch {
    return undefined;
  }
}

async function writeEntry(file: string, entry: { readonly of: string; readonly value: unknown }): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(entry));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function isSubgraph(value: unknown): value is Subgraph {
  return (
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    typeof value['sdl'] === 'string' &&
    isRecord(value['definition'])
  );
}
