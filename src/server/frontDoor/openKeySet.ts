import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK } from 'jose';
import type { Config } from '../../config/Config.ts';
import type { SigningKeyConfig } from '../../config/SubgraphCredentials.ts';

/** The JSON of the public keys of all tokens that subgraphs are shown; secrets have none. Rejects where a file cannot be read. */
export async function openKeySet({
  subgraph_authentication: shared,
  subgraphs,
}: Pick<Config, 'subgraph_authentication' | 'subgraphs'>): Promise<string> {
  const configs = [shared?.all, ...subgraphs.map(({ authentication }) => authentication)];
  const keys = configs.flatMap((config) => config?.internal_jwt?.keys ?? []);
  const different = new Map(keys.map((key) => [`${key.id} ${key.file ?? ''}`, key]));
  const published = await Promise.all([...different.values()].map(toJwk));
  return JSON.stringify({ keys: published.flat() });
}

async function toJwk({ id, algorithm, file }: SigningKeyConfig): Promise<object[]> {
  if (file === undefined) return [];
  const jwk = await exportJWK(createPublicKey(await readFile(file)));
  return [{ ...jwk, kid: id, alg: algorithm, use: 'sig' }];
}
