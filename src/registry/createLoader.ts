import { readFile } from 'node:fs/promises';
import type { Config, SubgraphConfig } from '../config/Config.ts';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import type { LoadOptions } from '../sources/LoadOptions.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import type { StateStore } from './createStateStore.ts';
import { identityOf } from './identityOf.ts';
import { isRemote } from './isRemote.ts';
import type { CredentialsOf } from './leaseSources.ts';
import type { SubgraphState } from './Registry.ts';

export type LoadSubgraph = (config: SubgraphConfig, options: LoadOptions) => Promise<Subgraph>;

export interface LoadedSubgraph {
  readonly config: SubgraphConfig;
  readonly state: SubgraphState;
  /** Absent where it is missing. */
  readonly subgraph?: Subgraph | undefined;
  /** Why it is not live. */
  readonly issues: readonly Issue[];
  /** Its document is wrong, not out of reach: nothing may change until somebody mends it. */
  readonly blocks: boolean;
}

export interface Loader {
  /** In the order of the configuration. A load that is not `full` asks backends only and takes what it knows of local documents. */
  load(config: Config, full: boolean): Promise<readonly LoadedSubgraph[]>;
  /** Every file that the last loads read or tried to read. */
  files(): ReadonlySet<string>;
}

export interface LoaderOptions {
  readonly http: HttpClient;
  readonly store: StateStore;
  readonly credentialsOf?: CredentialsOf | undefined;
  readonly loadSubgraph: LoadSubgraph;
  readonly warn: (subgraph: string, message: string) => void;
}

/** Loads subgraphs in parallel; where a backend cannot say its schema, the last good one stands in: this process's own, or that on disk. */
export function createLoader({ http, store, loadSubgraph, credentialsOf, warn }: LoaderOptions): Loader {
  const remembered = new Map<string, { readonly of: string; readonly subgraph: Subgraph }>();
  const broken = new Map<string, readonly Issue[]>();
  const read = new Map<string, Set<string>>();

  const known = (config: SubgraphConfig): Subgraph | undefined => {
    const entry = remembered.get(config.name);
    return entry?.of === identityOf(config) ? entry.subgraph : undefined;
  };
  const standIn = async (config: SubgraphConfig): Promise<Subgraph | undefined> => {
    const subgraph = known(config) ?? (await store.readSubgraph(config));
    return subgraph === undefined ? undefined : adopt(subgraph, config);
  };

  const loadOne = async (config: SubgraphConfig): Promise<LoadedSubgraph> => {
    const files = new Set<string>();
    const options: LoadOptions = {
      http,
      credentials: credentialsOf?.(config.name),
      readFile(path) {
        files.add(path);
        return readFile(path, 'utf8');
      },
      warn: (message) => warn(config.name, message),
    };
    try {
      const subgraph = await loadSubgraph(config, options);
      remembered.set(config.name, { of: identityOf(config), subgraph });
      broken.delete(config.name);
      return { config, state: 'live', subgraph, issues: [], blocks: false };
    } catch (error) {
      if (!(error instanceof IssuesError)) throw error;
      if (!isRemote(config)) {
        broken.set(config.name, error.issues);
        return { config, state: stateOf(known(config)), issues: error.issues, blocks: true };
      }
      const subgraph = await standIn(config);
      return { config, state: stateOf(subgraph), subgraph, issues: error.issues, blocks: false };
    } finally {
      read.set(config.name, files);
    }
  };

  const recall = (config: SubgraphConfig): LoadedSubgraph | undefined => {
    const subgraph = known(config);
    if (subgraph === undefined) return undefined;
    const issues = broken.get(config.name) ?? [];
    const state = issues.length === 0 ? 'live' : 'last_good';
    return { config, state, subgraph: adopt(subgraph, config), issues, blocks: false };
  };

  return {
    async load({ subgraphs }, full) {
      const names = new Set(subgraphs.map(({ name }) => name));
      for (const table of [remembered, broken, read]) {
        for (const name of table.keys()) if (!names.has(name)) table.delete(name);
      }
      return Promise.all(
        subgraphs.map((config) => (full || isRemote(config) ? undefined : recall(config)) ?? loadOne(config)),
      );
    },
    files: () => new Set([...read.values()].flatMap((files) => [...files])),
  };
}

function stateOf(standIn: Subgraph | undefined): SubgraphState {
  return standIn === undefined ? 'missing' : 'last_good';
}

/** An earlier schema under today's configuration. */
function adopt(subgraph: Subgraph, { url = subgraph.url, merge, subscriptions }: SubgraphConfig): Subgraph {
  const { source } = subgraph.definition;
  const current =
    source.kind !== 'graphql'
      ? source
      : { kind: source.kind, ...(subscriptions === undefined ? {} : { subscriptions }) };
  return { ...subgraph, url, definition: { source: current, ...(merge === undefined ? {} : { merge }) } };
}
