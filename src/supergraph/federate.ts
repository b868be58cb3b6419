import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
} from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { checkMerge } from './checkMerge.ts';
import type { MergedType, Subgraph } from './Subgraph.ts';
import { type SchemaIndex, schemaIndex } from './schemaIndex.ts';

/** Version 2.3 has all that a converted schema says, and what a plain one may say: tags are older than federation 2. */
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@inaccessible", "@tag"])';
const FEDERATION_WORDS = new Set(['key', 'external', 'requires', 'provides', 'extends']);

/**
 * A subgraph's schema in federation's vocabulary. What speaks it already stays as it is; a plain schema gets its keys from `merge`
 * and shares all that it has, because plain schemas know no owners.
 */
export function federate(
  subgraph: Subgraph,
  document: DocumentNode,
): { readonly document: DocumentNode } | { readonly issues: readonly Issue[] } {
  const { merge = {}, source } = subgraph.definition;
  const isPlain = source.kind !== 'graphql' || subgraph.definition.merge !== undefined || !speaksFederation(document);
  if (!isPlain) return { document };
  const index = schemaIndex(document);
  const issues = checkMerge(subgraph.name, merge, index);
  if (issues.length > 0) return { issues };
  const linked = usesFederationLink(document);
  const definitions = document.definitions.map((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
    return federateType(node, merge[node.name.value] ?? [], { index, linked, converted: source.kind !== 'graphql' });
  });
  return {
    document: { ...document, definitions: linked ? definitions : [...definitions, ...parse(LINK).definitions] },
  };
}

interface Federating {
  readonly index: SchemaIndex;
  readonly linked: boolean;
  /** From a spec, not from a GraphQL schema. */
  readonly converted: boolean;
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

function federateType(
  node: ObjectNode,
  merge: readonly MergedType[],
  { index, linked, converted }: Federating,
): ObjectNode {
  const has = (name: string) => (node.directives ?? []).some((directive) => directive.name.value === name);
  const isRoot = index.rootTypes.has(node.name.value);
  const sets = [...new Set(merge.map((entry) => fieldSetText(entry.selectionSet)))];
  const keys = has('key') ? [] : sets.map((fields) => directive('key', { fields }));
  const shareable = isRoot || linked || has('shareable') ? [] : [directive('shareable', {})];
  const keyFields = new Set(sets.flatMap((fields) => fields.split(/[\s{}]+/)));
  // A spec promises values of its own answers; joined to another service's entity they can be missing with the whole backend.
  const fields =
    converted && merge.length > 0
      ? (node.fields ?? []).map((field) => (keyFields.has(field.name.value) ? field : nullable(field)))
      : (node.fields ?? []);
  return { ...node, fields, directives: [...(node.directives ?? []), ...keys, ...shareable] };
}

function nullable(field: FieldDefinitionNode): FieldDefinitionNode {
  return field.type.kind === Kind.NON_NULL_TYPE ? { ...field, type: field.type.type } : field;
}

/** `{ id }` as `@key` wants it: without the outer braces. */
function fieldSetText(selectionSet: string): string {
  return selectionSet
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trim()
    .replace(/\s+/g, ' ');
}

function directive(name: string, args: Readonly<Record<string, string>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([key, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: key },
      value: { kind: Kind.STRING, value },
    })),
  };
}

function speaksFederation(document: DocumentNode): boolean {
  if (usesFederationLink(document)) return true;
  return document.definitions.some((node) => {
    const own = 'directives' in node ? (node.directives ?? []) : [];
    const below = 'fields' in node ? (node.fields ?? []).flatMap((field) => field.directives ?? []) : [];
    return [...own, ...below].some((entry) => FEDERATION_WORDS.has(entry.name.value));
  });
}

export function usesFederationLink(document: DocumentNode): boolean {
  return document.definitions.some(
    (node) =>
      (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) &&
      (node.directives ?? []).some((entry) =>
        entry.arguments?.some(
          ({ value }) => value.kind === Kind.STRING && /specs\.apollo\.dev\/federation\//.test(value.value),
        ),
      ),
  );
}
