import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder that goes with the test. */
export async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-keys-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A private key as PEM in a file of this folder; resolves with its path. */
export async function makeKey(folder: string, algorithm: string): Promise<string> {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const spki = { type: 'spki', format: 'pem' } as const;
  const encodings = { privateKeyEncoding: pkcs8, publicKeyEncoding: spki };
  const { privateKey } = algorithm.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384', ...encodings })
    : algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519', encodings)
      : generateKeyPairSync('rsa', { modulusLength: 2048, ...encodings });
  const path = join(folder, `${algorithm}-${process.hrtime.bigint()}.pem`);
  await writeFile(path, privateKey);
  return path;
}
