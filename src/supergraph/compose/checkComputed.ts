import { GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { computedFields } from '../computedFields.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import type { Subgraph } from '../Subgraph.ts';
import type { Supergraph, TypeInfo } from '../Supergraph.ts';
import { namedType } from '../TypeRef.ts';

/** What subgraphs ask to be sent in words that the composer does not know, held against the whole: does any subgraph have it? */
export function checkComputed(subgraphs: readonly Subgraph[], { types }: Supergraph): Issue[] {
  return subgraphs.flatMap(({ name, definition }) => {
    const needs = [
      ...Object.entries(computedFields(definition)),
      ...Object.entries(definition.requirements ?? {}).flatMap(([coordinate, all]) =>
        all.map(({ selection }) => [coordinate, selection] as const),
      ),
    ];
    return needs.flatMap(([path, selection]) =>
      problems(selection, types.get(path.split('.', 1)[0] ?? ''), types).map((message) => ({
        message,
        path,
        subgraphs: [name],
        code: 'UNKNOWN_REQUIRED_FIELD',
      })),
    );
  });
}

type Types = Supergraph['types'];

function problems(selection: string, type: TypeInfo | undefined, types: Types): string[] {
  if (type === undefined) return [];
  try {
    return walk(parseFieldSet(selection), type, types);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [`Expected a selection such as "{ id }", found "${selection}": ${error.message}`];
  }
}

function walk({ selections }: SelectionSetNode, type: TypeInfo, types: Types): string[] {
  return selections.flatMap((node): string[] => {
    if (node.kind === Kind.FRAGMENT_SPREAD) return ['Expected fields and inline fragments, found a named fragment.'];
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const name = node.typeCondition?.name.value ?? type.name;
      const inner = types.get(name);
      return inner === undefined ? [`No subgraph has a type "${name}".`] : walk(node.selectionSet, inner, types);
    }
    const name = node.name.value;
    if (name === '__typename') return [];
    const field = type.fields.get(name);
    if (field === undefined) return [`It needs "${type.name}.${name}", which no subgraph has.`];
    const inner = types.get(namedType(field.type));
    const isObject = inner !== undefined && ['object', 'interface', 'union'].includes(inner.kind);
    if (isObject !== (node.selectionSet !== undefined))
      return [
        isObject
          ? `It needs "${type.name}.${name}", which is an object: expected a selection of its fields.`
          : `It needs "${type.name}.${name}", which is no object: expected nothing selected of it.`,
      ];
    return node.selectionSet === undefined || inner === undefined ? [] : walk(node.selectionSet, inner, types);
  });
}
