import { type ConstDirectiveNode, type DefinitionNode, type DocumentNode, Kind, parse, visit } from 'graphql';
import { isFederation, readLinks } from './links.ts';

/** By name: the argument that makes a directive of that name the one that protects. */
const PROTECTING = new Map<string, string | undefined>([
  ['authenticated', undefined],
  ['requiresScopes', 'scopes'],
  ['policy', 'policies'],
]);

/**
 * A schema that never said which federation it speaks, with the link that its `@authenticated`, `@requiresScopes` and `@policy` need; definitions of
 * its own of these mean the same. They would be unknown to the composer, or lost.
 */
export function linkProtection(document: DocumentNode): DocumentNode {
  const used = usedWords(document);
  const link = readLinks(document).find(isFederation);
  if (used.size === 0 || link === undefined) return document;
  const imports = [...link.imports.map(({ as }) => as), ...[...used].map((name) => `@${name}`)];
  const text = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ${JSON.stringify(imports)})`;
  const [extension] = parse(text, { noLocation: true }).definitions;
  const [own] = extension?.kind === Kind.SCHEMA_EXTENSION ? (extension.directives ?? []) : [];
  return {
    ...document,
    definitions: document.definitions.flatMap((node): DefinitionNode[] => {
      if (node.kind === Kind.DIRECTIVE_DEFINITION && used.has(node.name.value)) return [];
      if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return [node];
      const directives = (node.directives ?? []).map((entry) =>
        entry === link.node && own !== undefined ? own : entry,
      );
      return [{ ...node, directives }];
    }),
  };
}

function usedWords(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  const others = new Set<string>();
  visit(document, {
    Directive(node) {
      const name = node.name.value;
      if (PROTECTING.has(name)) (isProtecting(node as ConstDirectiveNode) ? used : others).add(name);
    },
  });
  return new Set([...used].filter((name) => !others.has(name)));
}

function isProtecting({ name, arguments: args = [] }: ConstDirectiveNode): boolean {
  const wanted = PROTECTING.get(name.value);
  return args.length === (wanted === undefined ? 0 : 1) && args.every((argument) => argument.name.value === wanted);
}
