/**
 * Says what a subgraph's schema says in the words that the composer knows: each function is one of its wrong refusals.
 */
import {
  type ConstDirectiveNode,
  type ConstListValueNode,
  type ConstValueNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  Kind,
  parseConstValue,
  visit,
} from 'graphql';
import { argumentOf, federationName, type Import, isFederation, isSpec, type Link, readLinks } from './links.ts';

/** `composed` holds the names of all `@composeDirective`s of all subgraphs, with `@`. */
export function normalize(document: DocumentNode, composed: ReadonlySet<string>): DocumentNode {
  const steps = [
    interfaceObjectsFirst,
    dropInterfaceCosts,
    mergeCostLink,
    dropComposedFederation,
    importComposed,
    wrapScopes,
    plainFloats,
  ];
  const stepped = steps.reduce((current, step) => step(current), document);
  return dropUncomposedLinks(stepped, composed);
}

/** Names of a document's `@composeDirective`s. */
export function composedDirectives(document: DocumentNode): readonly string[] {
  const name = federationName(readLinks(document), 'composeDirective');
  return schemaDirectives(document)
    .filter((node) => node.name.value === name)
    .flatMap((node) => {
      const composed = argumentOf(node, 'name');
      return typeof composed === 'string' ? composed : [];
    });
}

function schemaDirectives(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
  );
}

/** Replaces directives of the schema; null drops one. */
function mapSchema(
  document: DocumentNode,
  change: (node: ConstDirectiveNode) => ConstDirectiveNode | null,
): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((node) => {
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return node;
      return { ...node, directives: (node.directives ?? []).flatMap((directive) => change(directive) ?? []) };
    }),
  };
}

function withImports({ node, imports }: Link, more: readonly Import[]): ConstDirectiveNode {
  const entries = [...imports, ...more].map(({ name, as }) =>
    name === as ? JSON.stringify(name) : `{ name: ${JSON.stringify(name)}, as: ${JSON.stringify(as)} }`,
  );
  const value = parseConstValue(`[${entries.join(', ')}]`);
  const others = (node.arguments ?? []).filter((argument) => argument.name.value !== 'import');
  const argument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'import' }, value } as const;
  return { ...node, arguments: [...others, argument] };
}

/** What is required of an interface object would make it an object for good, if it were named before it is defined. */
function interfaceObjectsFirst(document: DocumentNode): DocumentNode {
  const name = federationName(readLinks(document), 'interfaceObject');
  const isInterfaceObject = (node: DefinitionNode) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some((directive) => directive.name.value === name);
  const first = document.definitions.filter(isInterfaceObject);
  const others = document.definitions.filter((node) => !isInterfaceObject(node));
  return first.length === 0 ? document : { ...document, definitions: [...first, ...others] };
}

/** What an argument costs is said where the field is resolved: on an interface it has no meaning. */
function dropInterfaceCosts(document: DocumentNode): DocumentNode {
  const links = readLinks(document);
  const names = new Set([
    federationName(links, 'cost'),
    ...links.filter((link) => isSpec(link, 'cost')).map(({ name }) => name),
  ]);
  const drop = (node: InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode) => ({
    ...node,
    fields: (node.fields ?? []).map((field) => ({
      ...field,
      arguments: (field.arguments ?? []).map((argument) => ({
        ...argument,
        directives: (argument.directives ?? []).filter(({ name }) => !names.has(name.value)),
      })),
    })),
  });
  return visit(document, { InterfaceTypeDefinition: drop, InterfaceTypeExtension: drop });
}

/** `@cost` and `@listSize` may come from a specification of their own, under any name; the composer knows them as federation's, under one. */
function mergeCostLink(document: DocumentNode): DocumentNode {
  const links = readLinks(document);
  const federation = links.find(isFederation);
  const cost = links.filter((link) => isSpec(link, 'cost'));
  if (federation === undefined || cost.length === 0) return document;
  const names = new Map(
    cost.flatMap(({ name, imports }) => [
      [name, '@cost'] as const,
      [`${name}__listSize`, '@listSize'] as const,
      ...imports.map((entry) => [entry.as.slice(1), entry.name] as const),
    ]),
  );
  const used = new Set<string>();
  const renamed = visit(document, {
    Directive(node) {
      const known = names.get(node.name.value);
      if (known === undefined) return undefined;
      used.add(known);
      return { ...node, name: { ...node.name, value: known.slice(1) } };
    },
    DirectiveDefinition: (node) => (names.has(node.name.value) ? null : undefined),
  });
  const known = new Set(federation.imports.map(({ name }) => name));
  const more = [...used].filter((name) => !known.has(name)).map((name) => ({ name, as: name }));
  return mapSchema(renamed, (node) => {
    if (node === federation.node) return withImports(federation, more);
    return cost.some((link) => link.node === node) ? null : node;
  });
}

/** Directives of federation that are merged without being asked for. */
export const MERGED = ['tag', 'inaccessible', 'authenticated', 'requiresScopes', 'policy', 'cost', 'listSize'];

/** They need no `@composeDirective`. */
function dropComposedFederation(document: DocumentNode): DocumentNode {
  const links = readLinks(document);
  const federation = links.find(isFederation);
  const name = federationName(links, 'composeDirective');
  if (federation === undefined) return document;
  const own = new Set(MERGED.map((directive) => `@${federationName(links, directive)}`));
  return mapSchema(document, (node) => {
    const composed = node.name.value === name ? argumentOf(node, 'name') : undefined;
    return typeof composed === 'string' && own.has(composed) ? null : node;
  });
}

/** A directive that goes by its specification's name (`@foo__bar`) is one of that specification without an import, too. */
function importComposed(document: DocumentNode): DocumentNode {
  const composed = composedDirectives(document);
  if (composed.length === 0) return document;
  const links = readLinks(document);
  return mapSchema(document, (node) => {
    const link = links.find((entry) => entry.node === node && !isFederation(entry));
    if (link === undefined) return node;
    const known = new Set(link.imports.map(({ as }) => as));
    const more = composed.flatMap((as) => {
      if (known.has(as)) return [];
      if (as === `@${link.name}`) return { name: as, as };
      return as.startsWith(`@${link.name}__`) ? { name: `@${as.slice(link.name.length + 3)}`, as } : [];
    });
    return more.length === 0 ? node : withImports(link, more);
  });
}

/** A single scope stands for a list of one, as GraphQL has it. */
function wrapScopes(document: DocumentNode): DocumentNode {
  const links = readLinks(document);
  const names = new Set(['requiresScopes', 'policy'].map((name) => federationName(links, name)));
  return visit(document, {
    Directive(node: DirectiveNode) {
      if (!names.has(node.name.value)) return undefined;
      const args = (node.arguments ?? []).map((argument) => ({
        ...argument,
        value: listOf(listOf(argument.value as ConstValueNode).values.map(listOf)),
      }));
      return { ...node, arguments: args };
    },
  });
}

function listOf(value: ConstValueNode | readonly ConstValueNode[]): ConstListValueNode {
  if ('kind' in value) return value.kind === Kind.LIST ? value : { kind: Kind.LIST, values: [value] };
  return { kind: Kind.LIST, values: value };
}

/** `2.0` and `2` are one value of a float; the composer compares defaults as they are written. */
function plainFloats(document: DocumentNode): DocumentNode {
  return visit(document, {
    InputValueDefinition(node) {
      const named = node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : node.type;
      const { defaultValue: value } = node;
      if (named.kind !== Kind.NAMED_TYPE || named.name.value !== 'Float' || value?.kind !== Kind.FLOAT)
        return undefined;
      const number = Number(value.value);
      return Number.isSafeInteger(number)
        ? { ...node, defaultValue: { kind: Kind.INT, value: String(number) } }
        : undefined;
    },
  });
}

/** Other specifications concern a subgraph alone, unless one of their directives is composed: their versions need not agree. */
function dropUncomposedLinks(document: DocumentNode, composed: ReadonlySet<string>): DocumentNode {
  const links = readLinks(document);
  if (!links.some(isFederation)) return document;
  return mapSchema(document, (node) => {
    const link = links.find((entry) => entry.node === node);
    if (link === undefined || /^https:\/\/specs\.apollo\.dev\/(federation|link|core)$/.test(link.identity)) return node;
    const imports = link.imports.filter(({ as }) => composed.has(as));
    const isRenamed = link.imports.some(({ name, as }) => name === `@${link.name}` && as !== name);
    const isNeeded =
      (composed.has(`@${link.name}`) && !isRenamed) ||
      argumentOf(node, 'for') !== undefined ||
      [...composed].some((name) => name.startsWith(`@${link.name}__`));
    if (imports.length === 0 && !isNeeded) return null;
    // What it imports beside and nobody composes may go by other names elsewhere.
    return imports.length === link.imports.length ? node : withImports({ ...link, imports }, []);
  });
}
