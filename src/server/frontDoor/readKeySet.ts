import { readFile } from 'node:fs/promises';
import type { JwksConfig } from '../../config/AuthenticationConfig.ts';
import { readBoundedJson } from './readBoundedJson.ts';

const TIMEOUT = 5_000;

/** The key set of a URL or a file, as JSON. Rejects with what is wrong; a redirect is refused, for it could lead anywhere. */
export async function readKeySet({ url, file = '', headers }: JwksConfig): Promise<unknown> {
  if (url === undefined) return JSON.parse(await readFile(file, 'utf8'));
  const signal = AbortSignal.timeout(TIMEOUT);
  return readBoundedJson(
    await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'error', signal }),
  );
}
