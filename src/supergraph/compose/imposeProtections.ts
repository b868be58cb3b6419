import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type TypeNode,
} from 'graphql';
import { type Alternatives, conjoin, type Requirement, unite } from '../authorization/Requirement.ts';
import { protectionsOf, readRequirements } from '../authorization/readRequirements.ts';
import { federationName, readLinks } from './links.ts';

/** By `Type` and `Type.field`. */
export type Imposed = ReadonlyMap<string, Requirement>;

type Marked = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

const ON = 'FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM';
const DEFINITIONS: Readonly<Record<string, string>> = {
  authenticated: `directive @authenticated on ${ON}`,
  requiresScopes: `directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on ${ON} scalar requiresScopes__Scope`,
  policy: `directive @policy(policies: [[policy__Policy!]!]!) on ${ON} scalar policy__Policy`,
};

/**
 * The documents without what interfaces and interface objects say of who may read them, and that: the composer refuses it there, because routers
 * once forgot it in fragments on an implementation.
 */
export function liftProtections(documents: readonly DocumentNode[]): {
  readonly documents: readonly DocumentNode[];
  readonly imposed: Imposed;
} {
  const found = new Map<string, Requirement[]>();
  const stripped = documents.map((document) => {
    const requirements = readRequirements(document);
    if (requirements.size === 0) return document;
    const interfaceObject = federationName(readLinks(document), 'interfaceObject');
    const lift = <Node extends Marked>(coordinate: string, node: Node): Node => {
      const own = new Set(protectionsOf(node, document));
      const requirement = own.size === 0 ? undefined : requirements.get(coordinate);
      if (requirement === undefined) return node;
      found.set(coordinate, [...(found.get(coordinate) ?? []), requirement]);
      return { ...node, directives: (node.directives ?? []).filter((directive) => !own.has(directive)) };
    };
    const definitions = document.definitions.map((node) => {
      if (!isImposing(node, interfaceObject)) return node;
      const name = node.name.value;
      const fields = (node.fields ?? []).map((field) => lift(`${name}.${field.name.value}`, field));
      return { ...lift(name, node), fields };
    });
    return { ...document, definitions };
  });
  return { documents: stripped, imposed: new Map([...found].flatMap(([name, all]) => pair(name, unite(all)))) };
}

function pair(name: string, requirement: Requirement | undefined): (readonly [string, Requirement])[] {
  return requirement === undefined ? [] : [[name, requirement]];
}

type Fielded = Extract<DefinitionNode, { readonly fields?: readonly FieldDefinitionNode[] | undefined }>;

function isImposing(node: DefinitionNode, interfaceObject: string | undefined): node is Fielded {
  if (node.kind === Kind.INTERFACE_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_EXTENSION) return true;
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return false;
  return node.directives?.some(({ name }) => name.value === interfaceObject) === true;
}

/** Puts it on every implementation, on the interface itself and on the fields that give it: whoever reads the supergraph finds it where it is asked for. */
export function imposeProtections(supergraph: DocumentNode, imposed: Imposed): DocumentNode {
  if (imposed.size === 0) return supergraph;
  const own = readRequirements(supergraph);
  const written = new Set<string>();
  const interfaces = interfacesOf(supergraph);
  const withInterfaces = (type: string) => [type, ...(interfaces.get(type) ?? [])];
  const impose = <Node extends Marked>(
    coordinate: string,
    node: Node,
    more: readonly (Requirement | undefined)[],
  ): Node => {
    const added = more.flatMap((requirement) => requirement ?? []);
    const all = added.length === 0 ? undefined : unite([...added, ...[own.get(coordinate) ?? []].flat()]);
    if (all === undefined) return node;
    const others = (node.directives ?? []).filter((directive) => !protectionsOf(node, supergraph).includes(directive));
    const directives = write(all);
    for (const { name } of directives) written.add(name.value);
    return { ...node, directives: [...others, ...directives] };
  };
  const definitions = supergraph.definitions.map((node): DefinitionNode => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
    const name = node.name.value;
    const from = withInterfaces(name);
    const fields = (node.fields ?? []).map((field) =>
      impose(`${name}.${field.name.value}`, field, [
        ...from.map((type) => imposed.get(`${type}.${field.name.value}`)),
        ...withInterfaces(namedOf(field.type)).map((type) => imposed.get(type)),
      ]),
    );
    const type = impose(
      name,
      node,
      from.map((one) => imposed.get(one)),
    );
    return { ...type, fields };
  });
  return withDefinitions({ ...supergraph, definitions }, written);
}

function interfacesOf({ definitions }: DocumentNode): ReadonlyMap<string, readonly string[]> {
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [[node.name.value, (node.interfaces ?? []).map(({ name }) => name.value)] as const]
        : [],
    ),
  );
}

function namedOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);
}

function write({ authenticated, scopes, policies }: Requirement): readonly ConstDirectiveNode[] {
  const lists = (name: string, argument: string, all: readonly Alternatives[]) =>
    all.length === 0 ? '' : `@${name}(${argument}: ${JSON.stringify(conjoin(all))})`;
  const text = `${authenticated ? '@authenticated' : ''} ${lists('requiresScopes', 'scopes', scopes)} ${lists('policy', 'policies', policies)}`;
  const [node] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  return node?.kind === Kind.SCALAR_TYPE_DEFINITION ? (node.directives ?? []) : [];
}

/** The composer has written those of the directives that something else uses. */
function withDefinitions(supergraph: DocumentNode, used: ReadonlySet<string>): DocumentNode {
  const known = new Set(
    supergraph.definitions.flatMap((node) => (node.kind === Kind.DIRECTIVE_DEFINITION ? [node.name.value] : [])),
  );
  const missing = [...used].filter((name) => !known.has(name));
  const links = missing.map((name) => `@link(url: "https://specs.apollo.dev/${name}/v0.1", for: SECURITY)`);
  const [linking] =
    links.length === 0 ? [] : parse(`extend schema ${links.join(' ')}`, { noLocation: true }).definitions;
  const more = linking?.kind === Kind.SCHEMA_EXTENSION ? (linking.directives ?? []) : [];
  return {
    ...supergraph,
    definitions: [
      ...supergraph.definitions.map((node) =>
        node.kind === Kind.SCHEMA_DEFINITION ? { ...node, directives: [...(node.directives ?? []), ...more] } : node,
      ),
      ...missing.flatMap((name) => parse(DEFINITIONS[name] ?? '', { noLocation: true }).definitions),
    ],
  };
}
