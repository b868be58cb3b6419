import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parseConstValue,
  print,
  type TypeNode,
} from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import { federationDirective, fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';
import { readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * A field that is a `Book` here and `Media` there is `Media` in the supergraph, and each subgraph says in `@join__field(type:)` what it has:
 * the composer takes whichever comes first.
 */
export function mendFieldTypes(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const types = typesByField(services);
  const differing = [...types].filter(([, byGraph]) => new Set([...byGraph.values()].map(nameOf)).size > 1);
  if (differing.length === 0) return supergraph;
  const graphs = graphNames(supergraph);
  const supertypes = relations(services);
  const wanted = new Map(
    differing.flatMap(([path, byGraph]) => {
      const names = [...new Set([...byGraph.values()].map(nameOf))];
      const widest = names.find((name) => names.every((other) => other === name || supertypes.get(other)?.has(name)));
      return widest === undefined ? [] : [[path, { widest, byGraph }] as const];
    }),
  );
  const mend = (type: string, field: FieldDefinitionNode): FieldDefinitionNode => {
    const found = wanted.get(`${type}.${field.name.value}`);
    if (found === undefined) return field;
    const merged = withName(field.type, found.widest);
    const joins = directiveArguments(field, 'join__field');
    const others = (field.directives ?? []).filter(({ name }) => name.value !== 'join__field');
    const written = [...found.byGraph].flatMap(([service, own]) => {
      const graph = graphs.get(service);
      if (graph === undefined) return [];
      const said = joins.find((args) => args['graph'] === graph);
      // Where some subgraphs are named, one that is not does not have the field any more.
      if (said === undefined && joins.length > 0) return [];
      return joinField({ ...said, graph, type: print(own) }, said);
    });
    return { ...field, type: merged, directives: [...others, ...written] };
  };
  return {
    ...supergraph,
    definitions: supergraph.definitions.map((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? { ...node, fields: (node.fields ?? []).map((field) => mend(node.name.value, field)) }
        : node,
    ),
  };
}

function joinField(
  { graph, ...args }: Readonly<Record<string, unknown>>,
  said: Readonly<Record<string, unknown>> | undefined,
): ConstDirectiveNode {
  const texts = Object.entries(args).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const all = [['graph', String(graph)] as const, ...texts.filter(([name]) => said === undefined || name !== 'graph')];
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'join__field' },
    arguments: all.map(([name, text]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: name },
      value: parseConstValue(text),
    })),
  };
}

/** `Type.field` -> subgraph -> its type there. */
function typesByField(services: readonly Service[]): ReadonlyMap<string, ReadonlyMap<string, TypeNode>> {
  const found = new Map<string, Map<string, TypeNode>>();
  for (const { name, typeDefs } of services) {
    const links = readLinks(typeDefs);
    for (const type of fieldTypes(typeDefs)) {
      for (const field of type.fields ?? []) {
        if (federationDirective({ links }, field, 'external') !== undefined) continue;
        const path = `${type.name.value}.${field.name.value}`;
        const byGraph = found.get(path) ?? new Map<string, TypeNode>();
        byGraph.set(name, field.type);
        found.set(path, byGraph);
      }
    }
  }
  return found;
}

/** Interfaces and unions of each object type and interface, over all subgraphs. */
function relations(services: readonly Service[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const relate = (type: string, above: string) => found.set(type, (found.get(type) ?? new Set()).add(above));
  for (const { typeDefs } of services) {
    for (const node of typeDefs.definitions) {
      if ('interfaces' in node && 'fields' in node)
        for (const above of node.interfaces ?? []) relate(node.name.value, above.name.value);
      if (node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_EXTENSION)
        for (const member of node.types ?? []) relate(member.name.value, node.name.value);
    }
  }
  return found;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function withName(type: TypeNode, name: string): TypeNode {
  if (type.kind === Kind.NAMED_TYPE) return { ...type, name: { kind: Kind.NAME, value: name } };
  return { ...type, type: withName(type.type, name) } as TypeNode;
}
