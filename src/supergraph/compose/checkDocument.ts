/**
 * What one subgraph's schema must not say, though the composer lets it pass: each function is one of its wrong passes.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  visit,
} from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { argumentOf, federationName, isFederation, isSpec, type Link, readLinks } from './links.ts';
import { MERGED } from './normalize.ts';

export interface Checked {
  readonly name: string;
  readonly document: DocumentNode;
  readonly links: readonly Link[];
}

export function checkDocument({ name, document }: Pick<Checked, 'name' | 'document'>): readonly Issue[] {
  const checked: Checked = { name, document, links: readLinks(document) };
  if (!checked.links.some(isFederation))
    return [checkVersions, checkConnectors, checkOwnSpecs, checkUnlinked, checkExternals].flatMap((check) =>
      check(checked),
    );
  return [
    checkVersions,
    checkConnectors,
    checkSharedOnce,
    checkAliases,
    checkOwnSpecs,
    checkComposed,
    checkSubscriptions,
    checkExternals,
    checkLabels,
  ].flatMap((check) => check(checked));
}

/** The place of a node in the subgraph's document. */
export function placeOf(node: { readonly loc?: DocumentNode['loc'] }): Pick<Issue, 'line' | 'column'> {
  const token = node.loc?.startToken;
  return token === undefined ? {} : { line: token.line, column: token.column };
}

export type FieldsNode = Pick<ObjectTypeDefinitionNode, 'name' | 'fields' | 'directives'> & { readonly kind: string };

/** Object and interface types and their extensions. */
export function fieldTypes(document: DocumentNode): readonly FieldsNode[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
      ? node
      : [],
  );
}

const byName = new WeakMap<DocumentNode, ReadonlyMap<string, readonly FieldsNode[]>>();

/** Those of one name: a type with its extensions. Found again and again while a document is checked, so that they are indexed once. */
export function fieldTypesNamed(document: DocumentNode, name: string): readonly FieldsNode[] {
  const known = byName.get(document) ?? Map.groupBy(fieldTypes(document), (type) => type.name.value);
  byName.set(document, known);
  return known.get(name) ?? [];
}

/** A directive of federation on a node, by whatever name the document gives it. */
export function federationDirective(
  { links }: Pick<Checked, 'links'>,
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  directive: string,
): ConstDirectiveNode | undefined {
  // Federation 1 has no links, and its directives one name each.
  const name = links.some(isFederation) ? federationName(links, directive) : directive;
  return node.directives?.find((entry) => entry.name.value === name);
}

const LATER_WORDS = new Set(['shareable', 'override', 'composeDirective', 'interfaceObject', 'inaccessible']);

/** Without a link to it there is no federation 2. */
function checkUnlinked({ name, document }: Checked): Issue[] {
  const defined = new Set(
    document.definitions.flatMap((node) => (node.kind === Kind.DIRECTIVE_DEFINITION ? node.name.value : [])),
  );
  const found = new Map<string, ConstDirectiveNode>();
  visit(document, {
    Directive(node) {
      const word = node.name.value;
      if (!defined.has(word) && (LATER_WORDS.has(word) || word.startsWith('federation__')))
        found.set(word, node as ConstDirectiveNode);
    },
  });
  return [...found].map(([word, node]) => ({
    ...placeOf(node),
    code: 'INVALID_GRAPHQL',
    message: `Expected a "@link" to federation 2 in a schema that uses "@${word}"; got none.`,
    subgraphs: [name],
  }));
}

function checkVersions({ name, links }: Checked): Issue[] {
  return links
    .filter(({ version, url }) => version === undefined && url.includes('://'))
    .map(({ node, url }) => ({
      ...placeOf(node),
      code: 'INVALID_LINK_IDENTIFIER',
      message: `Expected a URL that ends in a version such as "v1.0" in "@link"; got "${url}".`,
      subgraphs: [name],
    }));
}

/** They would compose, and nobody would answer. */
function checkConnectors({ name, links }: Checked): Issue[] {
  const link = links.find((entry) => isSpec(entry, 'connect'));
  if (link === undefined) return [];
  const message = `Expected a REST service to be described by its OpenAPI document ("schema: { openapi: … }"); got connectors by "${link.url}", which Weft does not run.`;
  return [{ ...placeOf(link.node), code: 'CONNECTORS_UNSUPPORTED', message, subgraphs: [name] }];
}

/** It is repeatable only to stand on a type and on its extensions. */
function checkSharedOnce(checked: Checked): Issue[] {
  const shareable = federationName(checked.links, 'shareable');
  return fieldTypes(checked.document).flatMap((type) =>
    [type, ...(type.fields ?? [])].flatMap((node) => {
      const [, second] = (node.directives ?? []).filter((directive) => directive.name.value === shareable);
      if (second === undefined) return [];
      const path = node === type ? type.name.value : `${type.name.value}.${node.name.value}`;
      const message = `Expected "@${second.name.value}" once on "${path}"; got it twice.`;
      return { ...placeOf(second), path, code: 'INVALID_SHAREABLE_USAGE', message, subgraphs: [checked.name] };
    }),
  );
}

/** An alias with the prefix of another specification could be taken for one of its names. */
function checkAliases({ name, links }: Checked): Issue[] {
  return links.flatMap((link) =>
    link.imports.flatMap(({ name: imported, as }) => {
      const prefix = /^@(join|link|core|federation)__/.exec(as)?.[1];
      if (prefix === undefined || imported === as || prefix === link.name) return [];
      return {
        ...placeOf(link.node),
        code: 'INVALID_LINK_DIRECTIVE_USAGE',
        message: `Expected an alias without the prefix "${prefix}__", which is another specification's; got "${as}" for "${imported}" of "${link.url}".`,
        subgraphs: [name],
      };
    }),
  );
}

/** Federation brings these itself; under two names they would be two directives. */
function checkOwnSpecs({ name, links }: Checked): Issue[] {
  return ['tag', 'inaccessible'].flatMap((spec) => {
    const link = links.find((entry) => isSpec(entry, spec));
    if (link === undefined) return [];
    const message = `Expected "@${spec}" to be imported from federation; got a link to "${link.url}".`;
    return { ...placeOf(link.node), code: 'INVALID_LINK_DIRECTIVE_USAGE', message, subgraphs: [name] };
  });
}

function checkComposed({ name, document, links }: Checked): Issue[] {
  const composeDirective = federationName(links, 'composeDirective');
  return document.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
    )
    .filter((node) => node.name.value === composeDirective)
    .flatMap((node) => {
      const value = argumentOf(node, 'name');
      const isName = typeof value === 'string' && value.startsWith('@') && value.length > 1;
      const misfit = isName ? misfitOf(value, { document, links }) : `got ${JSON.stringify(value ?? null)}`;
      if (misfit === undefined) return [];
      const message = `Expected the name of a directive with its "@", that the schema defines, in "@${composeDirective}(name:)"; ${misfit}.`;
      return { ...placeOf(node), code: 'DIRECTIVE_COMPOSITION_ERROR', message, subgraphs: [name] };
    });
}

/** Why a directive cannot be composed. */
function misfitOf(name: string, { document, links }: Pick<Checked, 'document' | 'links'>): string | undefined {
  const federation = links.find(isFederation);
  const own =
    federation?.imports.find(({ as }) => as === name)?.name.slice(1) ??
    name.slice(`@${federation?.name ?? ''}__`.length);
  const isOwn =
    federation?.imports.some(({ as }) => as === name) === true || name.startsWith(`@${federation?.name ?? ''}__`);
  if (isOwn) return MERGED.includes(own) ? undefined : `got "${name}", which federation itself reads`;
  if (/^@(join|link|core)__/.test(name)) return `got "${name}", which the supergraph itself needs`;
  const isImported = links.some(({ imports }) => imports.some(({ as }) => as === name));
  const isDefined = document.definitions.some(
    (node) => node.kind === Kind.DIRECTIVE_DEFINITION && `@${node.name.value}` === name,
  );
  return isImported && !isDefined ? `got "${name}", which it does not` : undefined;
}

/** An event has one origin. */
function checkSubscriptions(checked: Checked): Issue[] {
  const root = rootName(checked.document, 'subscription') ?? 'Subscription';
  return fieldTypes(checked.document)
    .filter(({ name }) => name.value === root)
    .flatMap((type) =>
      (type.fields ?? []).flatMap((field) => {
        const shareable =
          federationDirective(checked, field, 'shareable') ?? federationDirective(checked, type, 'shareable');
        if (shareable === undefined) return [];
        const message = `Expected "${root}.${field.name.value}" to have one owner: a field of the subscription type cannot be shared.`;
        return issueAt(checked, { type, field, node: shareable }, { code: 'INVALID_FIELD_SHARING', message });
      }),
    );
}

function rootName(document: DocumentNode, operation: string): string | undefined {
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    const root = node.operationTypes?.find((entry) => entry.operation === operation);
    if (root !== undefined) return root.type.name.value;
  }
  return undefined;
}

/** What is said of a field is said by its owner. */
function checkExternals(checked: Checked): Issue[] {
  return fieldTypes(checked.document).flatMap((type) =>
    (type.fields ?? []).flatMap((field) => {
      if (federationDirective(checked, field, 'external') === undefined || isExtendedKey(checked, type, field))
        return [];
      return MERGED.flatMap((directive) => {
        const node = federationDirective(checked, field, directive);
        if (node === undefined) return [];
        const message = `Expected "@${node.name.value}" where "${type.name.value}.${field.name.value}" is resolved; got it on the external field.`;
        return issueAt(checked, { type, field, node }, { code: 'MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL', message });
      });
    }),
  );
}

/** In federation 1 the key of an extension is marked external, and resolved all the same. */
function isExtendedKey(checked: Checked, type: FieldsNode, { name }: FieldDefinitionNode): boolean {
  const isExtension = type.kind.endsWith('Extension') || federationDirective(checked, type, 'extends') !== undefined;
  if (!isExtension || checked.links.some(isFederation)) return false;
  return (type.directives ?? [])
    .filter((directive) => directive.name.value === 'key')
    .some((directive) => String(argumentOf(directive, 'fields')).split(/\W+/).includes(name.value));
}

const LABEL = /^[a-zA-Z][a-zA-Z0-9_\-:./]*$/;
const PERCENT = /^percent\((?:\d{1,2}(?:\.\d{1,8})?|100)\)$/;

function checkLabels(checked: Checked): Issue[] {
  return fieldTypes(checked.document).flatMap((type) =>
    (type.fields ?? []).flatMap((field) => {
      const node = federationDirective(checked, field, 'override');
      const label = node === undefined ? undefined : argumentOf(node, 'label');
      if (node === undefined || typeof label !== 'string' || LABEL.test(label) || PERCENT.test(label)) return [];
      const message = `Expected a label that starts with a letter and has letters, digits and "_-:./", or "percent(0)" to "percent(100)"; got "${label}" on "${type.name.value}.${field.name.value}".`;
      return issueAt(checked, { type, field, node }, { code: 'OVERRIDE_LABEL_INVALID', message });
    }),
  );
}

interface Where {
  readonly type: FieldsNode;
  readonly field: FieldDefinitionNode;
  /** What is wrong about it. */
  readonly node: { readonly loc?: DocumentNode['loc'] };
}

export function issueAt(
  { name }: Pick<Checked, 'name'>,
  { type, field, node }: Where,
  { code, message }: { readonly code: string; readonly message: string },
): Issue[] {
  return [{ ...placeOf(node), path: `${type.name.value}.${field.name.value}`, code, message, subgraphs: [name] }];
}
