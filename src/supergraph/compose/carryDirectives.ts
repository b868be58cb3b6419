import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, parse, print } from 'graphql';

/** Directives by `Type` and `Type.field`, and the graphs that have each: the text of its arguments, then the graphs. */
export type Carried = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const DEFINITIONS = `
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments`;

/** The supergraph with `@join__directive(name:)` where subgraphs have a directive that the composer does not know. */
export function carryDirectives(
  supergraph: DocumentNode,
  carried: Carried,
  { name, link }: { readonly name: string; readonly link?: string | undefined },
): DocumentNode {
  if (carried.size === 0) return supergraph;
  const added = <T extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    path: string,
    node: T,
  ): T => ({
    ...node,
    directives: [
      ...(node.directives ?? []),
      ...[...(carried.get(path) ?? [])].flatMap(([args, graphs]) =>
        directives(`@join__directive(graphs: [${graphs.join(', ')}], name: "${name}", args: ${args})`),
      ),
    ],
  });
  const addedField = (type: string) => (field: FieldDefinitionNode) => added(`${type}.${field.name.value}`, field);
  const defined = new Set(supergraph.definitions.flatMap((node) => ('name' in node ? (node.name?.value ?? []) : [])));
  const more = parse(DEFINITIONS, { noLocation: true }).definitions.filter(
    (node) => !('name' in node) || !defined.has(node.name?.value ?? ''),
  );
  return {
    ...supergraph,
    definitions: [
      ...supergraph.definitions.map((node) => {
        if (node.kind === Kind.SCHEMA_DEFINITION && link !== undefined)
          return { ...node, directives: [...(node.directives ?? []), ...directives(link)] };
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
        return added(node.name.value, { ...node, fields: node.fields?.map(addedField(node.name.value)) });
      }),
      ...more,
    ],
  };
}

/** The arguments of a directive as they are written. */
export function argumentsText({ arguments: args = [] }: ConstDirectiveNode): string {
  return `{ ${args.map((argument) => print(argument)).join(', ')} }`;
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [node] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  return node?.kind === Kind.SCALAR_TYPE_DEFINITION ? (node.directives ?? []) : [];
}
