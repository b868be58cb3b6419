import { type ConstArgumentNode, type ConstDirectiveNode, type DocumentNode, Kind, parse, print } from 'graphql';
import { directiveArguments, stringArgument } from './directiveArguments.ts';
import type { Subgraph, SubgraphDefinition } from './Subgraph.ts';

/** What `@weft__subgraph` on the schema says of each graph, by its value in `join__Graph`. */
export function readDefinitions(document: DocumentNode): Map<string, SubgraphDefinition> {
  const found = new Map<string, SubgraphDefinition>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const args of directiveArguments(node, 'weft__subgraph')) {
      found.set(String(args['graph']), JSON.parse(stringArgument(args, 'definition') ?? '{}') as SubgraphDefinition);
    }
  }
  return found;
}

const DECLARATION = 'directive @weft__subgraph(graph: join__Graph!, definition: String!) repeatable on SCHEMA';
/** Without `for`: a gateway that does not know this specification may ignore it. */
const LINK = { url: 'https://specs.weft.dev/weft/v0.1' };

/** Writes into a composed document what it cannot say of subgraphs that are not plain federated GraphQL over HTTP. */
export function writeDefinitions(sdl: string, subgraphs: readonly Subgraph[]): string {
  const special = subgraphs.filter(({ definition }) => isSpecial(definition));
  if (special.length === 0) return sdl;
  const document = parse(sdl, { noLocation: true });
  const graphs = graphNames(document);
  return print(
    special.reduce(
      (known, { name, definition }) => addDefinition(known, graphs.get(name) ?? name, definition),
      document,
    ),
  );
}

/** The document with what it says of one more graph, by its value in `join__Graph`. */
export function addDefinition(document: DocumentNode, graph: string, definition: SubgraphDefinition): DocumentNode {
  const use = directive('weft__subgraph', [
    enumArgument('graph', graph),
    stringArgumentNode('definition', JSON.stringify(definition)),
  ]);
  const isDeclared = document.definitions.some(
    (node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === 'weft__subgraph',
  );
  const added = isDeclared ? [use] : [directive('link', [stringArgumentNode('url', LINK.url)]), use];
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || (node.kind === Kind.SCHEMA_EXTENSION && node.directives !== undefined)
      ? { ...node, directives: [...(node.directives ?? []), ...added] }
      : node,
  );
  const declaration = isDeclared ? [] : parse(DECLARATION, { noLocation: true }).definitions;
  return { ...document, definitions: [...definitions, ...declaration] };
}

function isSpecial({ source, ...rest }: SubgraphDefinition): boolean {
  return (
    source.kind !== 'graphql' ||
    source.subscriptions !== undefined ||
    Object.values(rest).some((value) => value !== undefined)
  );
}

/** Subgraph name -> value of `join__Graph`. */
function graphNames(document: DocumentNode): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const value of node.values ?? []) {
      const name = stringArgument(directiveArguments(value, 'join__graph')[0] ?? {}, 'name');
      if (name !== undefined) found.set(name, value.name.value);
    }
  }
  return found;
}

function directive(name: string, args: ConstArgumentNode[]): ConstDirectiveNode {
  return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name }, arguments: args };
}

function enumArgument(name: string, value: string): ConstArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value: { kind: Kind.ENUM, value } };
}

function stringArgumentNode(name: string, value: string): ConstArgumentNode {
  return { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: name }, value: { kind: Kind.STRING, value } };
}
