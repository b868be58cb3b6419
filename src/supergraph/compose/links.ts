import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';

/** One `@link` of a subgraph's schema. */
export interface Link {
  readonly node: ConstDirectiveNode;
  readonly url: string;
  /** `https://specs.apollo.dev/federation` of `https://specs.apollo.dev/federation/v2.3`. */
  readonly identity: string;
  /** The last part of the identity, which names are put behind that are not imported: `federation__key`. */
  readonly name: string;
  /** `v2.3`; undefined where the URL ends in no version. */
  readonly version: string | undefined;
  readonly imports: readonly Import[];
}

/** `@key`, or `{ name: "@key", as: "@primary" }`; with the `@` of directives. */
export interface Import {
  readonly name: string;
  readonly as: string;
}

const SPECS = 'https://specs.apollo.dev/';

export function readLinks(document: DocumentNode): readonly Link[] {
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return [];
    return (node.directives ?? []).filter(({ name }) => name.value === 'link').flatMap((link) => readLink(link) ?? []);
  });
}

function readLink(node: ConstDirectiveNode): Link | undefined {
  const [args = {}] = directiveArguments({ directives: [node] }, 'link');
  const { url } = args;
  if (typeof url !== 'string') return undefined;
  const [, identity = url, version] = /^(.*?)\/?(v\d+\.\d+)?\/?$/.exec(url) ?? [];
  const imports = Array.isArray(args['import'])
    ? args['import'].flatMap((entry: unknown) => readImport(entry) ?? [])
    : [];
  const as = typeof args['as'] === 'string' ? args['as'] : undefined;
  return { node, url, identity, name: as ?? identity.split('/').at(-1) ?? '', version, imports };
}

function readImport(entry: unknown): Import | undefined {
  if (typeof entry === 'string') return { name: entry, as: entry };
  const { name, as } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  return typeof name === 'string' ? { name, as: typeof as === 'string' ? as : name } : undefined;
}

export function isFederation({ identity }: Link): boolean {
  return identity === `${SPECS}federation`;
}

/** A specification of Apollo's beside federation itself, by its last name. */
export function isSpec({ identity }: Link, name: string): boolean {
  return identity === `${SPECS}${name}`;
}

/** The name, without `@`, that a directive of federation goes by in this document; undefined where the document does not have it. */
export function federationName(links: readonly Link[], directive: string): string | undefined {
  const link = links.find(isFederation);
  if (link === undefined) return undefined;
  const imported = link.imports.find(({ name }) => name === `@${directive}`);
  return imported === undefined ? `${link.name}__${directive}` : imported.as.slice(1);
}

/** An argument's value as plain data; undefined where it has none. */
export function argumentOf(node: ConstDirectiveNode, name: string): unknown {
  const value: ConstValueNode | undefined = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value === undefined ? undefined : valueFromASTUntyped(value);
}
