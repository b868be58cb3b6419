import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import { federationDirective, fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';
import { readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/** Where an interface object only mentions a field, the composer forgets to say so: the subgraph would be asked for it. */
export function mendInterfaceObjects(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const graphs = graphNames(supergraph);
  const mend = (type: string, field: FieldDefinitionNode): FieldDefinitionNode => {
    const has = services.flatMap(({ name, typeDefs }) => {
      const links = readLinks(typeDefs);
      const graph = graphs.get(name);
      return fieldTypes(typeDefs)
        .filter((node) => node.name.value === type)
        .flatMap((node) =>
          (node.fields ?? [])
            .filter((own) => own.name.value === field.name.value && graph !== undefined)
            .map((own) => ({
              graph: graph ?? '',
              isExternal: federationDirective({ links }, own, 'external') !== undefined,
            })),
        );
    });
    const said = new Set(directiveArguments(field, 'join__field').map((args) => args['graph']));
    const isForgotten = has.some(({ graph, isExternal }) => isExternal && !said.has(graph));
    if (!isForgotten) return field;
    const missing = has
      .filter(({ graph, isExternal }) => !said.has(graph) && (isExternal || said.size === 0))
      .map(({ graph, isExternal }) => joinField(graph, isExternal));
    return { ...field, directives: [...(field.directives ?? []), ...missing] };
  };
  return {
    ...supergraph,
    definitions: supergraph.definitions.map((node) => {
      if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
      const isObject = directiveArguments(node, 'join__type').some((args) => args['isInterfaceObject'] === true);
      return isObject ? { ...node, fields: (node.fields ?? []).map((field) => mend(node.name.value, field)) } : node;
    }),
  };
}

function joinField(graph: string, isExternal: boolean): ConstDirectiveNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const external = { kind: Kind.ARGUMENT, name: name('external'), value: { kind: Kind.BOOLEAN, value: true } } as const;
  const of = { kind: Kind.ARGUMENT, name: name('graph'), value: { kind: Kind.ENUM, value: graph } } as const;
  return { kind: Kind.DIRECTIVE, name: name('join__field'), arguments: isExternal ? [of, external] : [of] };
}
