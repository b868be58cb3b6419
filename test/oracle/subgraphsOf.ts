import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
} from 'graphql';
import { directiveArguments } from '../../src/supergraph/directiveArguments.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { mergeDefinitions, type TypeNode } from './executableSchema.ts';

const WORDS = ['key', 'external', 'requires', 'provides', 'interfaceObject', 'context', 'fromContext'];
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${WORDS.map((word) => `"@${word}"`).join(', ')}])`;

type Args = Readonly<Record<string, unknown>>;

/** The subgraphs that a supergraph document was composed of, as far as it tells (join 0.2 and later): enough to be served. */
export function subgraphsOf(sdl: string): Subgraph[] {
  const document = parse(sdl, { noLocation: true });
  const graphs = document.definitions.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph' ? (node.values ?? []) : [],
  );
  const nodes = [...mergeDefinitions(document).values()];
  return graphs.map((value) => {
    const graph = value.name.value;
    const [{ name = graph, url = '' } = {}] = directiveArguments(value, 'join__graph');
    const definitions = nodes.flatMap((node) => typeIn(node, graph, String(name)) ?? []);
    return {
      name: String(name),
      url: String(url),
      sdl: [LINK, ...definitions.map((node) => print(node))].join('\n'),
      definition: { source: { kind: 'graphql' } },
    };
  });
}

function typeIn(node: TypeNode, graph: string, subgraph: string): TypeNode | undefined {
  const joins = directiveArguments(node, 'join__type');
  const mine = joins.filter((args) => args['graph'] === graph);
  if (mine.length === 0) return undefined;
  const isInterfaceObject = mine.some((args) => args['isInterfaceObject'] === true);
  const directives = [
    ...mine.flatMap((args) =>
      args['key'] === undefined ? [] : directive('key', { fields: args['key'], resolvable: args['resolvable'] }),
    ),
    ...(isInterfaceObject ? [directive('interfaceObject', {})] : []),
    // In a supergraph a context goes by the name of its subgraph and its own.
    ...directiveArguments(node, 'context').flatMap(({ name }) =>
      String(name).startsWith(`${subgraph}__`) ? [directive('context', { name: contextName(name) })] : [],
    ),
  ];
  const marked = (name: string, argument: string) =>
    directiveArguments(node, name).flatMap((args) => (args['graph'] === graph ? String(args[argument]) : []));
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = (node.fields ?? []).flatMap((field) => fieldIn(field, graph) ?? []);
      const interfaces = marked('join__implements', 'interface').map(namedType);
      if (fields.length === 0) return undefined;
      return isInterfaceObject
        ? { kind: Kind.OBJECT_TYPE_DEFINITION, name: node.name, fields, directives }
        : { ...node, fields, interfaces, directives };
    }
    case Kind.UNION_TYPE_DEFINITION:
      return { ...node, types: marked('join__unionMember', 'member').map(namedType), directives };
    case Kind.ENUM_TYPE_DEFINITION: {
      const isHere = (value: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) =>
        directiveArguments(value, 'join__enumValue').some((args) => args['graph'] === graph);
      return {
        ...node,
        values: (node.values ?? []).filter(isHere).map((value) => ({ ...value, directives: [] })),
        directives,
      };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { ...node, fields: (node.fields ?? []).flatMap((field) => inputIn(field, graph) ?? []), directives };
    default:
      return { ...node, directives };
  }
}

/** The arguments of the field's join in the subgraph; undefined where it does not have the field. */
function joinIn(field: FieldDefinitionNode | InputValueDefinitionNode, graph: string): Args | undefined {
  const joins = directiveArguments(field, 'join__field');
  return joins.length === 0 ? {} : joins.find((args) => args['graph'] === graph);
}

function fieldIn(field: FieldDefinitionNode, graph: string): FieldDefinitionNode | undefined {
  const join = joinIn(field, graph);
  if (join === undefined) return undefined;
  const { external, requires, provides, type } = join;
  const contextual = Array.isArray(join['contextArguments']) ? (join['contextArguments'] as Args[]) : [];
  const args = (field.arguments ?? []).filter((arg) => directiveArguments(arg, 'inaccessible').length === 0);
  return {
    ...field,
    arguments: [...args.map((arg) => ({ ...arg, directives: [] })), ...contextual.map(contextArgument)],
    type: typeof type === 'string' ? typeOf(type) : field.type,
    directives: [
      ...(external === true ? [directive('external', {})] : []),
      ...(requires === undefined ? [] : [directive('requires', { fields: requires })]),
      ...(provides === undefined ? [] : [directive('provides', { fields: provides })]),
    ],
  };
}

function contextName(name: unknown): string {
  return String(name).split('__').at(-1) ?? '';
}

function contextArgument({ name, type, context, selection }: Args): InputValueDefinitionNode {
  return {
    kind: Kind.INPUT_VALUE_DEFINITION,
    name: { kind: Kind.NAME, value: String(name) },
    type: typeOf(String(type)),
    directives: [directive('fromContext', { field: `$${contextName(context)} ${String(selection)}` })],
  };
}

function inputIn(field: InputValueDefinitionNode, graph: string): InputValueDefinitionNode | undefined {
  const join = joinIn(field, graph);
  if (join === undefined) return undefined;
  return { ...field, type: typeof join['type'] === 'string' ? typeOf(join['type']) : field.type, directives: [] };
}

function namedType(name: string) {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } as const;
}

function typeOf(text: string): FieldDefinitionNode['type'] {
  const [definition] = parse(`type T { f: ${text} }`, { noLocation: true }).definitions;
  const field = definition?.kind === Kind.OBJECT_TYPE_DEFINITION ? definition.fields?.[0] : undefined;
  if (field === undefined) throw new Error(`Expected a type, found "${text}".`);
  return field.type;
}

function directive(name: string, args: Args): ConstDirectiveNode {
  const text = Object.entries(args).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}: ${JSON.stringify(value)}`,
  );
  const [definition] = parse(`scalar S @${name}${text.length === 0 ? '' : `(${text.join(', ')})`}`, {
    noLocation: true,
  }).definitions;
  const [found] = definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
  if (found === undefined) throw new Error(`Expected a directive, found "${name}".`);
  return found;
}
