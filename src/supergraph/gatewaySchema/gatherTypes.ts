import { type FieldDefinitionNode, Kind, type TypeDefinitionNode } from 'graphql';
import { parseFieldSet } from '../parseFieldSet.ts';
import { namedTypeOf } from './checkSelection.ts';
import type { GraphDocument } from './readGraphDocument.ts';
import type { Additions } from './readTypeDefs.ts';

/** A type as the gateway's own schema has it. */
export interface GatheredType {
  readonly node: TypeDefinitionNode;
  /** Its own, not one of the subgraphs'. */
  readonly isNew: boolean;
  /** Of an entity: by which its objects are told apart. */
  readonly keys: readonly string[];
  /** It gives the entity further fields, so that it has to be asked for them. */
  readonly isExtended: boolean;
  /** Fields that it resolves, of objects and interfaces. */
  readonly fields: Map<string, FieldDefinitionNode>;
}

/**
 * The types of the gateway's own schema: those that it defines or extends, and all that these lead to. Of an entity it knows the key, for
 * the rest is joined; of a value type it knows everything, for nobody else could be asked. `only` narrows the fields of value types.
 */
export function gatherTypes(
  additions: Additions,
  graph: GraphDocument,
  only: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, GatheredType> {
  const gathered = new Map<string, GatheredType>();
  const nodeOf = (name: string) => additions.types.get(name) ?? graph.types.get(name);

  const visit = (name: string): void => {
    const node = nodeOf(name);
    if (node === undefined || gathered.has(name)) return;
    const isNew = additions.types.has(name);
    const added = additions.fields.get(name) ?? [];
    const keys = isNew ? [] : keysOf(name, { additions, graph });
    const fields = new Map<string, FieldDefinitionNode>();
    gathered.set(name, { node, isNew, keys, isExtended: added.length > 0 && !graph.isRoot(name), fields });
    const add = (field: FieldDefinitionNode) => {
      fields.set(field.name.value, field);
      visitField(field);
    };
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        for (const field of node.fields ?? []) {
          const isWanted = only.get(name)?.has(field.name.value) ?? true;
          if (isNew || (keys.length === 0 && !graph.isRoot(name) && isWanted && isHad(name, field, graph))) add(field);
        }
        for (const key of keys) for (const field of keyFields(name, key, graph)) add(field);
        for (const field of added) add(field.node);
        if (isNew) for (const { name: above } of node.interfaces ?? []) visit(above.value);
        return;
      case Kind.INTERFACE_TYPE_DEFINITION:
        for (const [other, { kind, ...rest }] of [...graph.types, ...additions.types]) {
          const interfaces =
            kind === Kind.OBJECT_TYPE_DEFINITION && 'interfaces' in rest ? (rest.interfaces ?? []) : [];
          if (interfaces.some((above) => above.name.value === name)) visit(other);
        }
        if (isNew) for (const field of node.fields ?? []) add(field);
        return;
      case Kind.UNION_TYPE_DEFINITION:
        for (const member of node.types ?? []) visit(member.name.value);
        return;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        for (const field of node.fields ?? []) visit(namedTypeOf(field.type));
        return;
      default:
        return;
    }
  };
  const visitField = (field: FieldDefinitionNode): void => {
    visit(namedTypeOf(field.type));
    for (const argument of field.arguments ?? []) visit(namedTypeOf(argument.type));
  };

  for (const name of [...additions.types.keys(), ...additions.fields.keys()]) visit(name);
  shareInterfaceFields(gathered);
  return gathered;
}

/** An interface of the graph has in the gateway those fields that all of its objects have there. */
function shareInterfaceFields(gathered: ReadonlyMap<string, GatheredType>): void {
  for (const [name, { node, isNew, fields }] of gathered) {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION || isNew) continue;
    const objects = [...gathered.values()].filter(
      (type) =>
        type.node.kind === Kind.OBJECT_TYPE_DEFINITION &&
        (type.node.interfaces ?? []).some((above) => above.name.value === name),
    );
    for (const field of node.fields ?? [])
      if (objects.every((object) => object.fields.has(field.name.value))) fields.set(field.name.value, field);
  }
}

/** The keys of the extension where it says some, else the first that a subgraph can be asked by: a reference must not need more. */
function keysOf(
  name: string,
  { additions, graph }: { readonly additions: Additions; readonly graph: GraphDocument },
): readonly string[] {
  const own = additions.keys.get(name) ?? [];
  return own.length > 0 ? own : graph.keysOf(name).slice(0, 1);
}

/** Top-level fields of a key. What is nested in it is gathered with the types that they have. */
function keyFields(type: string, key: string, graph: GraphDocument): FieldDefinitionNode[] {
  return parseFieldSet(key).selections.flatMap((selection) => {
    const field = selection.kind === Kind.FIELD ? graph.fieldOf(type, selection.name.value) : undefined;
    return field === undefined ? [] : [field];
  });
}

/** Whether any subgraph resolves the field of a value type by itself. */
function isHad(type: string, field: FieldDefinitionNode, graph: GraphDocument): boolean {
  return graph.ownersOf(type, field.name.value).length > 0;
}
