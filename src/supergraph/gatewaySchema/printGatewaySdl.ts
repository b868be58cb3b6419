import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  print,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { namedTypeOf } from './checkSelection.ts';
import type { GatheredType } from './gatherTypes.ts';
import type { Provided } from './providedBy.ts';
import type { GraphDocument } from './readGraphDocument.ts';

export interface Printing {
  readonly graph: GraphDocument;
  readonly provides: Provided;
}

/** The gateway's own schema as it is executed: `@resolveTo` stays on its fields, `@entity` marks what is looked up. */
export function printGatewaySdl(types: ReadonlyMap<string, GatheredType>, printing: Printing): string {
  const leaves = leavesOf(types, printing);
  const own = [...types.values(), ...leaves].map((type) => print(ownNode(type, types, printing)));
  return [schemaText(types, printing), ...own].join('\n');
}

function schemaText(types: ReadonlyMap<string, GatheredType>, { graph: { roots } }: Printing): string {
  const { query = 'Query', mutation = 'Mutation', subscription = 'Subscription' } = roots;
  const more = Object.entries({ mutation, subscription }).flatMap(([operation, type]) =>
    types.has(type) ? [`${operation}: ${type}`] : [],
  );
  return `schema { ${[`query: ${query}`, ...more].join(' ')} }`;
}

/** Scalars and enums of provided fields, which no field of the gateway's own may have. */
function leavesOf(types: ReadonlyMap<string, GatheredType>, { graph, provides }: Printing): GatheredType[] {
  const names = [...provides.fields].flatMap(([type, fields]) =>
    [...fields].flatMap((name) => namedTypeOf(graph.fieldOf(type, name)?.type as TypeNode)),
  );
  return [...new Set(names)].flatMap((name) => {
    const node = graph.types.get(name);
    return node === undefined || types.has(name)
      ? []
      : [{ node, isNew: false, isExtended: false, keys: [], fields: new Map() }];
  });
}

const KEPT = new Set(['resolveTo', 'oneOf', 'specifiedBy']);

function ownNode(
  type: GatheredType,
  types: ReadonlyMap<string, GatheredType>,
  { graph, provides }: Printing,
): TypeDefinitionNode {
  const { node } = type;
  const bare = { ...node, description: undefined, directives: kept(node.directives) } as TypeDefinitionNode;
  if (bare.kind === Kind.OBJECT_TYPE_DEFINITION || bare.kind === Kind.INTERFACE_TYPE_DEFINITION) {
    const name = node.name.value;
    const provided = [...(provides.fields.get(name) ?? [])].flatMap((field) => graph.fieldOf(name, field) ?? []);
    const fields = new Map([...type.fields.values(), ...provided].map((field) => [field.name.value, ownField(field)]));
    return {
      ...bare,
      interfaces: (bare.interfaces ?? []).filter((above) => types.has(above.name.value)),
      fields: [...fields.values()],
      directives: type.isExtended ? [...(bare.directives ?? []), ENTITY] : (bare.directives ?? []),
    };
  }
  if (bare.kind === Kind.ENUM_TYPE_DEFINITION)
    return { ...bare, values: (bare.values ?? []).map((value) => ({ ...value, directives: [] })) };
  if (bare.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
    return { ...bare, fields: (bare.fields ?? []).map((field) => ({ ...field, directives: [] })) };
  if (bare.kind === Kind.UNION_TYPE_DEFINITION)
    return { ...bare, types: (bare.types ?? []).filter((member) => types.has(member.name.value)) };
  return bare;
}

const ENTITY: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'entity' } };

function ownField(field: FieldDefinitionNode): FieldDefinitionNode {
  return {
    ...field,
    description: undefined,
    arguments: (field.arguments ?? []).map((argument) => ({ ...argument, description: undefined, directives: [] })),
    directives: kept(field.directives),
  };
}

function kept(directives: readonly ConstDirectiveNode[] = []): ConstDirectiveNode[] {
  return directives.filter((directive) => KEPT.has(directive.name.value));
}
