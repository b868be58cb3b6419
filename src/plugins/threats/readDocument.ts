import { type ASTNode, type DocumentNode, type GraphQLSchema, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { type Finding, TOO_MUCH } from './Finding.ts';
import type { SearchOptions } from './searchVariables.ts';

/** What is to be known of a document, once for all requests with it. */
export interface DocumentFacts {
  /** In the texts that stand in it. */
  readonly findings: readonly Finding[];
  /** The arguments that a variable goes to. */
  argumentsOf(variable: string): readonly string[];
}

export function readDocument(document: DocumentNode, schema: GraphQLSchema, options: SearchOptions): DocumentFacts {
  const texts = findTexts(document, options);
  let usages: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    findings: texts.size === 0 ? [] : placed(document, schema, texts),
    argumentsOf(variable) {
      usages ??= readUsages(document, schema);
      return usages.get(variable) ?? [];
    },
  };
}

/** The texts that break rules, with these. */
function findTexts(
  document: DocumentNode,
  { detector, maxCharacters }: SearchOptions,
): ReadonlyMap<ASTNode, readonly string[]> {
  const found = new Map<ASTNode, readonly string[]>();
  let left = maxCharacters;
  visit(document, {
    StringValue(node) {
      if (detector.isPlain(node.value)) return;
      const isTooMuch = node.value.length > left;
      if (!isTooMuch) left -= node.value.length;
      const rules = isTooMuch ? [TOO_MUCH] : detector.find(node.value);
      if (rules.length > 0) found.set(node, rules);
    },
  });
  return found;
}

function placed(
  document: DocumentNode,
  schema: GraphQLSchema,
  texts: ReadonlyMap<ASTNode, readonly string[]>,
): readonly Finding[] {
  const findings: Finding[] = [];
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      StringValue(node) {
        const coordinate = coordinateOf(info);
        for (const rule of texts.get(node) ?? [])
          findings.push({
            rule,
            place: coordinate ?? 'the document',
            arguments: coordinate === undefined ? [] : [coordinate],
          });
      },
    }),
  );
  return findings;
}

function readUsages(document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const usages = new Map<string, Set<string>>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Variable(node, _key, parent) {
        if (parent !== undefined && !Array.isArray(parent) && (parent as ASTNode).kind === Kind.VARIABLE_DEFINITION)
          return;
        const own = usages.get(node.name.value) ?? new Set();
        usages.set(node.name.value, own.add(coordinateOf(info) ?? 'the document'));
      },
    }),
  );
  return new Map([...usages].map(([name, own]) => [name, [...own]]));
}

/** `Type.field.argument`, or `@directive.argument`; undefined outside of arguments. */
function coordinateOf(info: TypeInfo): string | undefined {
  const argument = info.getArgument();
  if (argument == null) return undefined;
  const directive = info.getDirective();
  if (directive != null) return `@${directive.name}.${argument.name}`;
  const [type, field] = [info.getParentType(), info.getFieldDef()];
  return type == null || field == null ? undefined : `${type.name}.${field.name}.${argument.name}`;
}
