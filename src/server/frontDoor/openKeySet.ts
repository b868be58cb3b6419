import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK } from 'jose';
import type { Config } from '../../config/Config.ts';
import type { SigningKeyConfig } from '../../config/SubgraphCredentials.ts';

type Signing = Pick<Config, 'subgraph_authentication' | 'subgraphs'>;

/** The public keys of the tokens that subgraphs are shown; secrets have none. */
export interface KeySet {
  readonly json: () => string;
  /** Another configuration is tried: until it is taken or refused, tokens may be signed by either. Rejects where a file cannot be read. */
  offer(config: Signing): Promise<void>;
  /** The one that was offered last is taken: a key that it does not have is not vouched for any more. */
  take(): void;
}

/** Rejects where a file cannot be read. */
export async function openKeySet(config: Signing): Promise<KeySet> {
  let taken = await publicKeys(config);
  let offered = taken;
  return {
    json: () => `{"keys":[${[...new Set([...taken, ...offered])].join(',')}]}`,
    async offer(next) {
      offered = await publicKeys(next);
    },
    take() {
      taken = offered;
    },
  };
}

/** Each as JSON. */
async function publicKeys({ subgraph_authentication: shared, subgraphs }: Signing): Promise<readonly string[]> {
  const configs = [shared?.all, ...subgraphs.map(({ authentication }) => authentication)];
  const keys = configs.flatMap((config) => config?.internal_jwt?.keys ?? []);
  return (await Promise.all(keys.map(toJwk))).flat();
}

async function toJwk({ id, algorithm, file }: SigningKeyConfig): Promise<string[]> {
  if (file === undefined) return [];
  const jwk = await exportJWK(createPublicKey(await readFile(file)));
  return [JSON.stringify({ ...jwk, kid: id, alg: algorithm, use: 'sig' })];
}
