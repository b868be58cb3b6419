import type { Config } from '../../config/Config.ts';
import { IssuesError } from '../../errors/Issue.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';
import type { CredentialSettings } from './openCredentials.ts';
import type { SubgraphCredentials } from './SubgraphCredentials.ts';

/** The credentials of all subgraphs; those that did not change go on with the tokens that they have. */
export interface CredentialStore {
  /** Makes those of these subgraphs, and of no others. Rejects with an `IssuesError` where a file cannot be read. */
  open(config: Config, names: readonly string[]): Promise<void>;
  of(name: string): SubgraphCredentials | undefined;
  /** The files that they are made of. */
  files(): readonly string[];
}

export interface CredentialStoreOptions {
  readonly http: HttpClient;
  readonly readFile: (path: string) => Promise<string>;
  readonly now?: (() => number) | undefined;
}

export function createCredentialStore({ http, readFile, now = Date.now }: CredentialStoreOptions): CredentialStore {
  let made = new Map<string, SubgraphCredentials>();
  let read: readonly string[] = [];
  const readTexts = async (paths: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const texts = paths.map(async (path) => {
      try {
        return [path, await readFile(path)] as const;
      } catch {
        throw new IssuesError('Credentials for subgraphs cannot be read.', [
          { message: `Expected a file with a key or a certificate; "${path}" cannot be read.`, file: path },
        ]);
      }
    });
    return new Map(await Promise.all(texts));
  };
  return {
    of: (name) => made.get(name),
    files: () => read,
    async open(config, names) {
      const settings = names.flatMap((name) => settingsOf(name, config));
      if (settings.length === 0) {
        made = new Map();
        read = [];
        return;
      }
      const { openCredentials, filesOf } = await import('./openCredentials.ts');
      read = [...new Set(settings.flatMap(filesOf))];
      const files = await readTexts(read);
      const next = await Promise.all(
        settings.map(async (one) => {
          const opened = await openCredentials(one, { http, files, now });
          const known = made.get(one.name);
          return [one.name, known?.id === opened.id ? known : opened] as const;
        }),
      );
      made = new Map(next);
    },
  };
}

function settingsOf(name: string, config: Config): CredentialSettings[] {
  const own = config.subgraphs.find((entry) => entry.name === name);
  const authentication = own === undefined ? config.subgraph_authentication?.all : own.authentication;
  const tls = own === undefined ? config.subgraph_tls?.all : own.tls;
  return authentication === undefined && tls === undefined ? [] : [{ name, authentication, tls }];
}
