import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import type { TypeInfo } from '../supergraph/Supergraph.ts';
import type { Names } from './Names.ts';

export interface ReadHints {
  /** Milliseconds: the least of all types and fields that have one. */
  readonly maxAge?: number | undefined;
  /** PRIVATE where anything is; PUBLIC where the part itself says so. */
  readonly scope?: 'PUBLIC' | 'PRIVATE' | undefined;
  /** Object types inside of the part, in supergraph names; not an entity itself, whose types are `entities`. */
  readonly types: ReadonlySet<string>;
}

interface Sum {
  maxAge: number | undefined;
  isPrivate: boolean;
  isPublic: boolean;
  readonly types: Set<string>;
}

/** What the graph says of a part, by `@cacheControl` of all that is selected. Without `root` it is a list of entities. */
export function readHints(field: FieldNode, root: TypeInfo | undefined, names: Names): ReadHints {
  const sum: Sum = { maxAge: undefined, isPrivate: false, isPublic: false, types: new Set() };
  if (root === undefined) {
    for (const node of field.selectionSet?.selections ?? []) {
      if (node.kind !== Kind.INLINE_FRAGMENT) continue;
      const type = names.type(node.typeCondition?.name.value ?? '');
      if (type !== undefined) {
        for (const name of type.possible) note(name, true, { sum, names });
        note(type.name, true, { sum, names });
      }
      walk(node.selectionSet, type, { sum, names });
    }
  } else walkField(field, root, { sum, names, isOwn: true });
  const scope = sum.isPrivate ? 'PRIVATE' : sum.isPublic ? 'PUBLIC' : undefined;
  return { maxAge: sum.maxAge, scope, types: sum.types };
}

interface Walk {
  readonly sum: Sum;
  readonly names: Names;
  /** The part itself, not what is inside of it. */
  readonly isOwn?: boolean;
}

function walk({ selections }: SelectionSetNode, type: TypeInfo | undefined, context: Walk): void {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) walkField(node, type, { ...context, isOwn: false });
    if (node.kind !== Kind.INLINE_FRAGMENT) continue;
    const narrowed = node.typeCondition === undefined ? type : context.names.type(node.typeCondition.name.value);
    walk(node.selectionSet, narrowed ?? type, context);
  }
}

function walkField(node: FieldNode, type: TypeInfo | undefined, context: Walk): void {
  const { names, sum, isOwn = false } = context;
  const field = type === undefined ? undefined : names.field(type, node.name.value);
  if (type === undefined || field === undefined) {
    if (node.selectionSet !== undefined) walk(node.selectionSet, undefined, context);
    return;
  }
  note(`${type.name}.${field.name}`, isOwn, context);
  if (node.selectionSet === undefined) return;
  const inner = names.typeOf(field);
  if (inner !== undefined) {
    note(inner.name, isOwn, context);
    for (const name of inner.possible) {
      sum.types.add(name);
      if (name !== inner.name) note(name, isOwn, context);
    }
  }
  walk(node.selectionSet, inner, context);
}

function note(path: string, isOwn: boolean, { sum, names }: Walk): void {
  for (const { maxAge, scope, graphs } of names.supergraph.cacheHints.hints.get(path) ?? []) {
    if (graphs?.some((graph) => names.graphs.has(graph)) === false) continue;
    if (maxAge !== undefined) sum.maxAge = Math.min(sum.maxAge ?? maxAge, maxAge);
    if (scope === 'PRIVATE') sum.isPrivate = true;
    if (scope === 'PUBLIC' && isOwn) sum.isPublic = true;
  }
}
