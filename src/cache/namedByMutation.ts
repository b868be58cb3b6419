/**
 * What: tags of all that the answer of a mutation names. Where: after a mutation of any subgraph.
 * A caller sees the entities by their keys where the answer has these, else all of their type; and whatever may have them inside.
 */
import { Kind, type SelectionSetNode } from 'graphql';
import { isRecord } from '../lib/isRecord.ts';
import type { TypeInfo } from '../supergraph/Supergraph.ts';
import type { Analysis } from './analyzeDocument.ts';
import { keyValues } from './entityTags.ts';
import type { Names } from './Names.ts';
import { tags } from './tags.ts';

/** Entities that are named one by one; of more all of their types are meant. */
const MOST = 500;

interface Naming {
  readonly names: Names;
  readonly found: Set<string>;
  /** Types without keys, which count where the answer has no entity at all. */
  readonly plain: Set<string>;
}

/** `data` undefined: it is not known what the mutation has done. */
export function namedByMutation({ parts }: Analysis, data: unknown, names: Names): readonly string[] {
  const naming: Naming = { names, found: new Set(), plain: new Set() };
  const values = isRecord(data) ? data : undefined;
  for (const { field, key, root } of parts) {
    const returned = names.field(root, field.name.value);
    const type = returned === undefined ? undefined : names.typeOf(returned);
    if (field.selectionSet !== undefined && type !== undefined)
      nameValue(values?.[key], { type, set: field.selectionSet }, naming);
  }
  if (naming.found.size > MOST) {
    const types = new Set([...naming.found].map((tag) => tag.split(':')[1] ?? ''));
    return [...types].flatMap((type) => [tags.entities(type), tags.within(type)]);
  }
  if (naming.found.size > 0) return [...naming.found];
  return [...naming.plain].flatMap((type) => [tags.entities(type), tags.within(type)]);
}

interface Place {
  readonly type: TypeInfo;
  readonly set: SelectionSetNode;
}

function nameValue(value: unknown, place: Place, naming: Naming): void {
  if (Array.isArray(value)) {
    for (const item of value) nameValue(item, place, naming);
    return;
  }
  const { names } = naming;
  const members = isRecord(value) ? membersOf(value, place.set, naming) : {};
  const said = typeof members['__typename'] === 'string' ? names.type(members['__typename']) : undefined;
  for (const type of said === undefined ? place.type.possible : [said.name]) nameObject(type, members, naming);
  nameFields(value, { ...place, type: said ?? place.type }, naming);
}

function nameObject(type: string, members: Readonly<Record<string, unknown>>, { names, found, plain }: Naming): void {
  const keys = names.keys(type);
  if (keys.length === 0) {
    plain.add(type);
    return;
  }
  found.add(tags.within(type));
  const known = keys.flatMap(({ name, fields }) => {
    const values = keyValues(fields, members);
    return values === undefined ? [] : [tags.key(type, name, values), tags.anyKey(type, name)];
  });
  for (const tag of known.length === 0 ? [tags.entities(type)] : known) found.add(tag);
}

/** Fields that stand under their own names, by these. */
function membersOf(
  value: Readonly<Record<string, unknown>>,
  { selections }: SelectionSetNode,
  naming: Naming,
): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  for (const node of selections) {
    if (node.kind === Kind.FIELD && node.selectionSet === undefined)
      members[node.name.value] = value[node.alias?.value ?? node.name.value];
    if (node.kind === Kind.INLINE_FRAGMENT)
      Object.assign(members, defined(membersOf(value, node.selectionSet, naming)));
  }
  return members;
}

function defined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function nameFields(value: unknown, { type, set }: Place, naming: Naming): void {
  for (const node of set.selections) {
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const narrowed = naming.names.type(node.typeCondition?.name.value ?? '') ?? type;
      nameFields(value, { type: narrowed, set: node.selectionSet }, naming);
    }
    if (node.kind !== Kind.FIELD || node.selectionSet === undefined) continue;
    const field = naming.names.field(type, node.name.value);
    const inner = field === undefined ? undefined : naming.names.typeOf(field);
    const below = isRecord(value) ? value[node.alias?.value ?? node.name.value] : undefined;
    // Of a mutation whose answer did not come, everything that it could have named.
    if (inner !== undefined && !(isRecord(value) && below == null))
      nameValue(below, { type: inner, set: node.selectionSet }, naming);
  }
}
