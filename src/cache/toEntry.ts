import { Kind, valueFromASTUntyped } from 'graphql';
import { isRecord } from '../lib/isRecord.ts';
import type { CachePolicy } from './CachePolicy.ts';
import type { CacheEntry } from './CacheStore.ts';
import { entityTags } from './entityTags.ts';
import { formatCacheTag } from './formatCacheTag.ts';
import type { Lifetime } from './lifetimeOf.ts';
import type { Names } from './Names.ts';
import type { Slot, Variables } from './slotsOf.ts';
import { tags } from './tags.ts';

export interface EntryRules {
  readonly names: Names;
  readonly policy: CachePolicy;
  readonly lifetime: Lifetime;
  readonly variables: Variables;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether the subgraph can tell this client from others. */
  readonly isTold: boolean;
}

/** Under which key a value may be had by others, and what is remembered of it; undefined where it may not be. */
export function toEntry(
  slot: Slot,
  value: unknown,
  { names, policy, lifetime, variables, now, isTold }: EntryRules,
): { readonly key: string | undefined; readonly entry: CacheEntry | undefined } {
  const { part } = slot;
  const stated = least(lifetime.left, part.maxAge) ?? policy.ttl;
  const ttl = value === null ? (policy.negativeTtl === undefined ? 0 : least(stated, policy.negativeTtl)) : stated;
  const isOwn = lifetime.isPrivate || part.scope === 'PRIVATE';
  const key = isOwn ? (slot.privateKey ?? (slot.isAlike ? slot.sharedKey : undefined)) : slot.sharedKey;
  if (ttl === undefined || ttl <= 0 || key === undefined || value === undefined)
    return { key: value === undefined ? undefined : key, entry: undefined };
  const isPrivate = isOwn || (isTold && part.scope !== 'PUBLIC');
  const entry = {
    value,
    stored: now - lifetime.age,
    expires: now + ttl,
    isPrivate,
    tags: tagsOf(slot, value, { names, variables }),
  };
  return { key, entry };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.min(one, other);
}

function tagsOf(
  { part, representation }: Slot,
  value: unknown,
  { names, variables }: Pick<EntryRules, 'names' | 'variables'>,
): readonly string[] {
  if (representation === undefined) return [...part.tags, ...fieldTags(part, variables, names)];
  const said = isRecord(value) && typeof value['__typename'] === 'string' ? value['__typename'] : undefined;
  const type = names.type(said ?? String(representation['__typename']))?.name ?? String(representation['__typename']);
  const members = isRecord(value) ? { ...plainMembers(value, part), ...representation } : representation;
  return [
    ...part.tags,
    tags.type(names.subgraph, type),
    ...entityTags(type, members, names),
    ...cacheTags(type, { key: representation, args: {} }, names),
  ];
}

function fieldTags(part: Slot['part'], variables: Variables, names: Names): readonly string[] {
  const field = names.field(part.root, part.field.name.value);
  if (field === undefined) return [];
  const args = Object.fromEntries(
    (part.field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })]),
  );
  return cacheTags(`${part.root.name}.${field.name}`, { key: {}, args }, names);
}

function cacheTags(path: string, values: Parameters<typeof formatCacheTag>[1], names: Names): readonly string[] {
  return (names.supergraph.cacheHints.tags.get(path) ?? []).flatMap(({ format, graphs }) => {
    if (graphs?.some((graph) => names.graphs.has(graph)) === false) return [];
    const tag = formatCacheTag(format, values);
    return tag === undefined ? [] : [tags.cacheTag(names.subgraph, tag)];
  });
}

/** Fields of the entity that stand under their own names; what stands under another may be another thing. */
function plainMembers(
  value: Readonly<Record<string, unknown>>,
  { field }: Slot['part'],
): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  for (const branch of field.selectionSet?.selections ?? [])
    for (const node of branch.kind === Kind.INLINE_FRAGMENT ? branch.selectionSet.selections : [])
      if (node.kind === Kind.FIELD && node.selectionSet === undefined && node.alias === undefined)
        members[node.name.value] = value[node.name.value];
  return members;
}
