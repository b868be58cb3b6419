import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import { type Checked, federationDirective, fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';
import { argumentOf, federationName, isFederation, readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

interface Mention {
  readonly graph: string;
  readonly isExternal: boolean;
  readonly isFirst: boolean;
}

/**
 * Where a subgraph only mentions a field, the composer forgets to say so of interface objects, and of extensions if the field is part
 * of another subgraph's key: the subgraph would be asked for it. And of what a path provides by way of a union: its name there would be lost.
 */
export function mendExternals(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const mentions = mentionsByField(services, graphNames(supergraph));
  const mend = (path: string, field: FieldDefinitionNode): FieldDefinitionNode => {
    const said = new Set(directiveArguments(field, 'join__field').map((args) => args['graph']));
    // Federation 1 marks what it resolves external, too: there it is a mention only beside an owner.
    const all = (mentions.get(path) ?? []).filter(({ isFirst }) => !isFirst || said.size > 0);
    const isForgotten = all.some(({ graph, isExternal }) => isExternal && !said.has(graph));
    if (!isForgotten) return field;
    const missing = all
      .filter(({ graph, isExternal }) => !said.has(graph) && (isExternal || said.size === 0))
      .map(({ graph, isExternal }) => joinField(graph, isExternal));
    return { ...field, directives: [...(field.directives ?? []), ...missing] };
  };
  return {
    ...supergraph,
    definitions: supergraph.definitions.map((node) => {
      if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
      const joins = directiveArguments(node, 'join__type');
      const isInterfaceObject = joins.some((args) => args['isInterfaceObject'] === true);
      if (node.kind === Kind.INTERFACE_TYPE_DEFINITION && !isInterfaceObject) return node;
      const fields = (node.fields ?? []).map((field) => mend(`${node.name.value}.${field.name.value}`, field));
      return { ...node, fields };
    }),
  };
}

function mentionsByField(
  services: readonly Service[],
  graphs: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly Mention[]> {
  const found = new Map<string, Mention[]>();
  for (const { name, typeDefs } of services) {
    const graph = graphs.get(name);
    if (graph === undefined) continue;
    const checked = { links: readLinks(typeDefs) };
    const isFirst = !checked.links.some(isFederation);
    const extendedKeys = namesInExtendedKeys(checked, typeDefs);
    for (const type of fieldTypes(typeDefs))
      for (const field of type.fields ?? []) {
        const path = `${type.name.value}.${field.name.value}`;
        const isExternal =
          federationDirective(checked, field, 'external') !== undefined && !extendedKeys.has(field.name.value);
        found.set(path, [...(found.get(path) ?? []), { graph, isExternal, isFirst }]);
      }
  }
  return found;
}

/** The key of an extension is marked external, and resolved all the same. */
function namesInExtendedKeys(checked: Pick<Checked, 'links'>, document: DocumentNode): ReadonlySet<string> {
  const key = checked.links.some(isFederation) ? federationName(checked.links, 'key') : 'key';
  return new Set(
    fieldTypes(document)
      .filter((type) => type.kind.endsWith('Extension') || federationDirective(checked, type, 'extends') !== undefined)
      .flatMap(({ directives = [] }) => directives.filter((directive) => directive.name.value === key))
      .flatMap((directive) => String(argumentOf(directive, 'fields')).split(/\W+/)),
  );
}

function joinField(graph: string, isExternal: boolean): ConstDirectiveNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const external = { kind: Kind.ARGUMENT, name: name('external'), value: { kind: Kind.BOOLEAN, value: true } } as const;
  const of = { kind: Kind.ARGUMENT, name: name('graph'), value: { kind: Kind.ENUM, value: graph } } as const;
  return { kind: Kind.DIRECTIVE, name: name('join__field'), arguments: isExternal ? [of, external] : [of] };
}
