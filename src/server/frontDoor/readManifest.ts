import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestConfig } from '../../config/Config.ts';
import { isRecord } from '../../lib/isRecord.ts';
import { hashOf } from '../../plugins/hashOf.ts';
import type { SignableRequest } from '../../upstream/credentials/Credentials.ts';
import { readBoundedJson } from './readBoundedJson.ts';

const TIMEOUT = 10_000;
/** Bytes of a manifest by URL: all documents of all releases of all apps of a company. */
const MOST_BYTES = 67_108_864;

export interface ManifestRead {
  readonly documents: ReadonlyMap<string, string>;
  /** Of a place on the net that has one. */
  readonly etag?: string | undefined;
}

/** Texts of documents by name; undefined where they are still those of this `etag`. Rejects with what is wrong, and in which entry. */
export async function readManifest(manifest: ManifestConfig, etag?: string): Promise<ManifestRead | undefined> {
  const { file, folder, url = '', headers } = manifest;
  if (folder !== undefined) return { documents: await readFolder(folder) };
  if (file !== undefined) return { documents: readEntries(JSON.parse(await readFile(file, 'utf8'))) };
  const isStored = url.startsWith('s3://');
  const place = isStored ? placeInStore(manifest) : url;
  const asked = { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }), ...headers };
  const signed = isStored ? await signForStore(manifest, { method: 'GET', url: place, headers: {} }) : {};
  const options = {
    headers: { ...asked, ...signed },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  } as const;
  const response = await fetch(place, options);
  if (response.status === 304 && etag !== undefined) {
    await response.body?.cancel();
    return undefined;
  }
  const documents = readEntries(await readBoundedJson(response, MOST_BYTES));
  return { documents, etag: response.headers.get('etag') ?? undefined };
}

/** The URL of `s3://bucket/key`. Stores with an address of their own have buckets as folders, AWS has them as names of hosts. */
function placeInStore({ url = '', endpoint, region = 'us-east-1' }: ManifestConfig): string {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
  const path = key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
  return endpoint === undefined
    ? `https://${bucket}.s3.${region}.amazonaws.com/${path}`
    : `${endpoint.replace(/\/+$/, '')}/${bucket}/${path}`;
}

async function signForStore(
  {
    region = 'us-east-1',
    access_key_id: accessKeyId = '',
    secret_access_key: secretAccessKey = '',
    session_token: sessionToken,
  }: ManifestConfig,
  request: Pick<SignableRequest, 'method' | 'url' | 'headers'>,
): Promise<Readonly<Record<string, string>>> {
  const { signAws } = await import('../../upstream/credentials/signAws.ts');
  return signAws(request, { service: 's3', region, accessKeyId, secretAccessKey, sessionToken }, Date.now());
}

/** Apollo's manifest with its operations, or a map from names to texts, as Relay and graphql-codegen write it. */
export function readEntries(value: unknown): ReadonlyMap<string, string> {
  if (!isRecord(value)) throw new Error('Expected a manifest, an object.');
  const { operations, format } = value;
  if (format !== undefined && (format !== 'apollo-persisted-query-manifest' || value['version'] !== 1))
    throw new Error('Expected "format": "apollo-persisted-query-manifest" with "version": 1.');
  const entries = Array.isArray(operations)
    ? operations.map((entry: unknown) => (isRecord(entry) ? [entry['id'], entry['body']] : [undefined, undefined]))
    : Object.entries(value);
  return new Map(
    entries.map(([id, body], index) => {
      if (typeof id === 'string' && typeof body === 'string') return [id.replace(/^sha256:/, ''), body];
      const name = typeof id === 'string' ? `"${id}"` : `number ${index + 1}`;
      throw new Error(`Expected a name and a text in the entry ${name}.`);
    }),
  );
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => /\.(graphql|gql|json)$/.test(name)).toSorted();
  const entries = names.map(async (name): Promise<readonly [string, string]> => {
    const text = await readFile(join(folder, name), 'utf8');
    if (!name.endsWith('.json')) return [await hashOf(text), text];
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || typeof value['body'] !== 'string') throw new Error(`Expected a text "body" in "${name}".`);
    return [name.slice(0, -'.json'.length), value['body']];
  });
  return new Map(await Promise.all(entries));
}
