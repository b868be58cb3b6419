import { isRecord } from '../lib/isRecord.ts';
import { tags } from './tags.ts';

/**
 * The tags that the body of an invalidation means, in the words of Apollo Router: `kind` `subgraph`, `type`, `entity` or `cache_tag`. A text
 * says what is wrong with it; then nothing of it counts.
 */
export function readInvalidation(body: unknown): readonly string[] | string {
  if (!Array.isArray(body)) return 'Expected a list of invalidations in JSON.';
  const found: string[] = [];
  for (const [index, entry] of body.entries()) {
    const read = isRecord(entry) ? readEntry(entry) : 'Expected an object';
    if (typeof read === 'string') return `${read} in the entry ${index}.`;
    found.push(...read);
  }
  return found;
}

function readEntry(entry: Readonly<Record<string, unknown>>): readonly string[] | string {
  const { kind, subgraph, type, key, subgraphs = subgraph, cache_tag: tag } = entry;
  if (kind === 'cache_tag') {
    const names: unknown = typeof subgraphs === 'string' ? [subgraphs] : subgraphs;
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      return 'Expected names of subgraphs in "subgraphs"';
    if (typeof tag !== 'string') return 'Expected a text in "cache_tag"';
    return names.map((name: string) => tags.cacheTag(name, tag));
  }
  if (kind !== 'subgraph' && kind !== 'type' && kind !== 'entity')
    return 'Expected "subgraph", "type", "entity" or "cache_tag" as "kind"';
  if (typeof subgraph !== 'string') return 'Expected the name of a subgraph in "subgraph"';
  if (kind === 'subgraph') return [tags.subgraph(subgraph)];
  if (typeof type !== 'string') return 'Expected the name of a type in "type"';
  if (kind === 'type') return [tags.type(subgraph, type)];
  if (!isRecord(key) || Object.values(key).some((value) => value === null || typeof value === 'object'))
    return 'Expected the fields of a key with their values in "key"';
  const fields = Object.keys(key).toSorted();
  const values = fields.map((field) => String(key[field]));
  return [tags.key(type, fields.join(' '), values), tags.anyKey(type, fields.join(' '))];
}
