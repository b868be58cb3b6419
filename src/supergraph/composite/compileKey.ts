import { Kind } from 'graphql';
import type { SourceIndex } from '../readSource.ts';
import { namedType, type TypeRef, typeRef } from '../TypeRef.ts';
import type { ValueMap } from '../ValueMap.ts';
import type { FieldSelectionMap, PathNode } from './FieldSelectionMap.ts';

/** Key fields by name. */
export interface KeyTree extends Map<string, KeyTree> {}

/** Why a map is no key, in the words of a message. */
export class KeyProblem extends Error {}

/** Adds the fields that a map reads to the key of a type; the argument's value out of that key. Throws a `KeyProblem`. */
export function compileKey(map: FieldSelectionMap, type: string, key: KeyTree, index: SourceIndex): ValueMap {
  switch (map.kind) {
    case 'path':
      return compilePath(map, type, key, index);
    case 'object':
      return {
        kind: 'object',
        fields: map.fields.map(({ name, value }) => ({ name, value: compileKey(value, type, key, index) })),
      };
    case 'list':
      throw new KeyProblem('Expected one value of the key, found a list: only a lookup that answers a list takes one.');
    case 'choice':
      throw new KeyProblem('Expected choices at the outer levels only.');
  }
}

function compilePath({ name, args, of }: PathNode, type: string, key: KeyTree, index: SourceIndex): ValueMap {
  const field = index.fields.get(type)?.get(name);
  if (field === undefined || field.kind !== Kind.FIELD_DEFINITION)
    throw new KeyProblem(`"${type}" has no field "${name}" in this subgraph.`);
  if (args !== '' || (field.arguments ?? []).length > 0)
    throw new KeyProblem(`Expected a field without arguments, found "${type}.${name}".`);
  const ref = typeRef(field.type);
  const named = namedType(ref);
  const kind = index.kinds.get(named);
  if (isList(ref) || kind === Kind.INTERFACE_TYPE_DEFINITION || kind === Kind.UNION_TYPE_DEFINITION)
    throw new KeyProblem(`"${type}.${name}" is a list, an interface or a union, which a key cannot have.`);
  if ((kind === Kind.OBJECT_TYPE_DEFINITION) !== (of !== undefined))
    throw new KeyProblem(
      of === undefined
        ? `"${type}.${name}" is an object: expected a path on, such as "${name}.id".`
        : `"${type}.${name}" is no object: expected nothing after it.`,
    );
  const below: KeyTree = key.get(name) ?? new Map();
  key.set(name, below);
  return { kind: 'field', key: name, of: of === undefined ? { kind: 'self' } : compileKey(of, named, below, index) };
}

function isList(ref: TypeRef): boolean {
  return ref.kind === 'list' || (ref.kind === 'nonNull' && isList(ref.of));
}

/** `id org { id }`, in the order of their names, so that equal keys are equal texts. */
export function printKey(key: KeyTree): string {
  return [...key]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, below]) => (below.size === 0 ? name : `${name} { ${printKey(below)} }`))
    .join(' ');
}
