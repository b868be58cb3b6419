import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestConfig } from '../../config/Config.ts';
import { isRecord } from '../../lib/isRecord.ts';
import { hashOf } from '../../plugins/hashOf.ts';
import { readBoundedJson } from './readBoundedJson.ts';

const TIMEOUT = 10_000;

/** Texts of documents by name. Rejects with what is wrong, and in which entry. */
export async function readManifest({
  file,
  folder,
  url,
  headers,
}: ManifestConfig): Promise<ReadonlyMap<string, string>> {
  if (folder !== undefined) return readFolder(folder);
  if (file !== undefined) return readEntries(JSON.parse(await readFile(file, 'utf8')));
  const signal = AbortSignal.timeout(TIMEOUT);
  const options = { headers: { accept: 'application/json', ...headers }, redirect: 'error', signal } as const;
  return readEntries(await readBoundedJson(await fetch(url ?? '', options)));
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
