import {
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { createReporter, type Reporter } from '../composite/createReporter.ts';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import { readSource, type SourceIndex } from '../readSource.ts';
import type { LookupDefinition, SubgraphDefinition } from '../Subgraph.ts';
import { isType } from '../schemaIndex.ts';
import { compileMerges, declaredKey } from './compileMerges.ts';
import { directiveNode, withoutStitchingWords } from './stitchingWords.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/**
 * A schema with stitching directives as one in Federation's vocabulary: `@merge` fields become lookups and their keys, `@computed` fields what
 * the planner has to read first. As in stitching, every subgraph may answer each of its fields.
 */
export function translateStitching(
  subgraph: string,
  document: DocumentNode,
):
  | {
      readonly document: DocumentNode;
      readonly definition: Pick<SubgraphDefinition, 'lookups' | 'computed' | 'canonical'>;
    }
  | { readonly issues: readonly Issue[] } {
  const reporter = createReporter(subgraph);
  const index = readSource(document);
  checkKeys(index, reporter);
  const needs = readComputed(index, reporter);
  if (reporter.issues.length > 0) return { issues: reporter.issues };
  const byType = new Map<string, SelectionSetNode[]>();
  for (const { type, set } of needs) byType.set(type, [...(byType.get(type) ?? []), set]);
  const lookups = compileMerges({ index, reporter, computed: byType });
  if (reporter.issues.length > 0) return { issues: reporter.issues };
  for (const { type, field, node } of needs)
    if (!lookups.has(type))
      reporter.report(
        'INVALID_COMPUTED',
        node,
        `${type}.${field}`,
        `Expected a "@merge" field that returns "${type}", which takes what the field is computed of.`,
      );
  if (reporter.issues.length > 0) return { issues: reporter.issues };
  const computed = Object.fromEntries(needs.map(({ type, field, set }) => [`${type}.${field}`, flat(print(set))]));
  const canonical = readCanonical(document);
  return {
    document: rewrite(document, index, lookups),
    definition: {
      lookups: Object.fromEntries(lookups),
      ...(needs.length > 0 ? { computed } : {}),
      ...(canonical.length > 0 ? { canonical } : {}),
    },
  };
}

function checkKeys(index: SourceIndex, reporter: Reporter): void {
  for (const type of index.kinds.keys()) {
    try {
      if (index.directives(type, 'key').length > 0 && declaredKey(type, index) === undefined)
        throw new Error('Expected "@key(selectionSet:)", found other arguments.');
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      reporter.report('INVALID_KEY', index.directives(type, 'key')[0], type, readable(error));
    }
  }
}

function readComputed(index: SourceIndex, reporter: Reporter) {
  return [...index.fields].flatMap(([type, fields]) =>
    [...fields.values()].flatMap((node) => {
      const [args] = directiveArguments(node, 'computed');
      if (args === undefined) return [];
      const field = node.name.value;
      try {
        return [{ type, field, node, set: parseFieldSet(stringArgument(args, 'selectionSet') ?? '') }];
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        reporter.report('INVALID_COMPUTED', node, `${type}.${field}`, readable(error));
        return [];
      }
    }),
  );
}

function readable(error: Error): string {
  return error instanceof GraphQLError
    ? `Expected "selectionSet" to be one such as "{ id }": ${error.message}`
    : error.message;
}

/** `Type` and `Type.field` of what this subgraph describes best. */
function readCanonical(document: DocumentNode): string[] {
  return document.definitions.filter(isType).flatMap((node) => {
    const type = node.name.value;
    const own = directiveArguments(node, 'canonical').length > 0 ? [type] : [];
    const fields = 'fields' in node ? (node.fields ?? []) : [];
    return [
      ...own,
      ...fields
        .filter((field) => directiveArguments(field, 'canonical').length > 0)
        .map((field) => `${type}.${field.name.value}`),
    ];
  });
}

function rewrite(
  document: DocumentNode,
  index: SourceIndex,
  lookups: ReadonlyMap<string, readonly LookupDefinition[]>,
): DocumentNode {
  const keyed = new Set<string>();
  const definitions = withoutStitchingWords(document).definitions.map((node): DefinitionNode => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
    const type = node.name.value;
    if (index.rootTypes.has(type)) return node;
    const keys = keyed.has(type) ? [] : keysOf(type, index, lookups.get(type) ?? []);
    keyed.add(type);
    return {
      ...node,
      directives: [...(node.directives ?? []), ...keys.map(directiveNode), directiveNode('@shareable')],
    } satisfies ObjectTypeDefinitionNode | ObjectTypeExtensionNode;
  });
  return { ...document, definitions: [...definitions, ...parse(LINK, { noLocation: true }).definitions] };
}

/** Each key that looks up, and the declared one where nothing does. */
function keysOf(type: string, index: SourceIndex, lookups: readonly LookupDefinition[]): string[] {
  if (lookups.length > 0)
    return [...new Set(lookups.map(({ key }) => key))].map(
      (key) => `@key(fields: ${JSON.stringify(withoutBraces(key))})`,
    );
  const own = declaredKey(type, index);
  return own === undefined
    ? []
    : [`@key(fields: ${JSON.stringify(withoutBraces(flat(print(own))))}, resolvable: false)`];
}

function withoutBraces(set: string): string {
  return set.replace(/^\{\s*/, '').replace(/\s*\}$/, '');
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
