import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind, parse, print } from 'graphql';
import { fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';
import { argumentOf, federationName, isFederation, readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly document: DocumentNode;
}

const LINK = '@link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)';
const TAG = 'federation__cacheTag';
const CONTROL = 'cacheControl';
const DEFINITIONS = `
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments`;

/** `@cacheTag`s in the supergraph, as Apollo's composer writes them, and `@cacheControl`s in the same way: the composer here knows none of both. */
export function carryCacheTags(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const tags = tagsByCoordinate(services, graphNames(supergraph));
  if (tags.size === 0) return supergraph;
  const hasTags = [...tags.values()].flat().some((node) => argumentOf(node, 'name') === TAG);
  const tagged = <T extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    path: string,
    node: T,
  ): T => ({
    ...node,
    directives: [...(node.directives ?? []), ...(tags.get(path) ?? [])],
  });
  const taggedField = (type: string) => (field: FieldDefinitionNode) => tagged(`${type}.${field.name.value}`, field);
  const defined = new Set(supergraph.definitions.flatMap((node) => ('name' in node ? (node.name?.value ?? []) : [])));
  const more = parse(DEFINITIONS, { noLocation: true }).definitions.filter(
    (node) => !('name' in node) || !defined.has(node.name?.value ?? ''),
  );
  return {
    ...supergraph,
    definitions: [
      ...supergraph.definitions.map((node) => {
        if (node.kind === Kind.SCHEMA_DEFINITION && hasTags)
          return { ...node, directives: [...(node.directives ?? []), ...directives(LINK)] };
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
        return tagged(node.name.value, { ...node, fields: node.fields?.map(taggedField(node.name.value)) });
      }),
      ...more,
    ],
  };
}

/** By `Type` and `Type.field`: equal ones of several subgraphs are one. */
function tagsByCoordinate(
  services: readonly Service[],
  graphs: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly ConstDirectiveNode[]> {
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, document } of services) {
    const links = readLinks(document);
    const graph = graphs.get(name);
    const cacheTag = federationName(links, 'cacheTag');
    if (graph === undefined) continue;
    const names = new Map([
      [CONTROL, CONTROL],
      ...(links.some(isFederation) && cacheTag !== undefined ? [[cacheTag, TAG] as const] : []),
    ]);
    const note = (path: string, node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
      for (const directive of node.directives ?? []) {
        const carried = names.get(directive.name.value);
        if (carried === undefined) continue;
        const args = `name: "${carried}", args: { ${(directive.arguments ?? []).map((argument) => print(argument)).join(', ')} }`;
        const byArgs = found.get(path) ?? new Map<string, string[]>();
        found.set(path, byArgs.set(args, [...(byArgs.get(args) ?? []), graph]));
      }
    };
    for (const type of fieldTypes(document)) {
      note(type.name.value, type);
      for (const field of type.fields ?? []) note(`${type.name.value}.${field.name.value}`, field);
    }
  }
  return new Map(
    [...found].map(([path, byArgs]) => [
      path,
      [...byArgs].flatMap(([args, own]) => directives(`@join__directive(graphs: [${own.join(', ')}], ${args})`)),
    ]),
  );
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [node] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  return node?.kind === Kind.SCALAR_TYPE_DEFINITION ? (node.directives ?? []) : [];
}
