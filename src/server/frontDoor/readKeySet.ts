import { readFile } from 'node:fs/promises';
import type { JwksConfig } from '../../config/AuthenticationConfig.ts';

const TIMEOUT = 5_000;
const MOST_BYTES = 1_048_576;

/** The key set of a URL or a file, as JSON. Rejects with what is wrong; a redirect is refused, for it could lead anywhere. */
export async function readKeySet({ url, file = '', headers }: JwksConfig): Promise<unknown> {
  if (url === undefined) return JSON.parse(await readFile(file, 'utf8'));
  const signal = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(url, { headers: { accept: 'application/json', ...headers }, redirect: 'error', signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`Expected the status 200, got ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error(`Expected at most ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
