import { type ConstDirectiveNode, type DirectiveNode, type DocumentNode, Kind, parse, visit } from 'graphql';
import { usesFederationLink } from '../federate.ts';

/** Directives of `@graphql-tools/stitching-directives`, under their usual names. */
export const STITCHING_WORDS = new Set(['key', 'merge', 'computed', 'canonical']);
const OWN_WORDS = new Set(['merge', 'computed', 'canonical']);

/** Whether a document says in stitching directives how its types are merged. `@key` alone tells by its argument. */
export function speaksStitching(document: DocumentNode): boolean {
  if (usesFederationLink(document)) return false;
  let found = false;
  visit(document, {
    Directive(node) {
      if (OWN_WORDS.has(node.name.value) || (node.name.value === 'key' && argumentNames(node).includes('selectionSet')))
        found = true;
    },
  });
  return found;
}

/** The document without the words that were translated, and without their definitions. */
export function withoutStitchingWords(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (node) => (STITCHING_WORDS.has(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (STITCHING_WORDS.has(node.name.value) ? null : false),
  });
}

/** A use of a directive, out of its text: `@shareable`. */
export function directiveNode(text: string): ConstDirectiveNode {
  const [node] = parse(`scalar S ${text}`, { noLocation: true }).definitions;
  if (node?.kind !== Kind.SCALAR_TYPE_DEFINITION || node.directives?.[0] === undefined)
    throw new Error(`Expected a directive, found "${text}".`);
  return node.directives[0];
}

function argumentNames({ arguments: args = [] }: DirectiveNode): string[] {
  return args.map(({ name }) => name.value);
}
