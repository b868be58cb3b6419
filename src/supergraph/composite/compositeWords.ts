import { type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { usesFederationLink } from '../federate.ts';

/** Directives of the Composite Schemas specification that Federation does not have. */
export const OWN_WORDS = new Set(['lookup', 'internal', 'is', 'require']);
/** Those that it has in common with Federation, and what they are typed with. */
export const SHARED_WORDS = new Set(['key', 'shareable', 'external', 'provides', 'override', 'inaccessible']);
export const WORD_SCALARS = new Set(['FieldSelectionMap', 'FieldSelectionSet']);

const LINK = /\/composite-?schemas?(\/v[\d.]+)?\/?$/i;

/**
 * Whether a document speaks the Composite Schemas vocabulary: it links the specification, declares its scalars or uses its directives.
 * In a subgraph with Federation's link, `@internal` alone may be a directive of its own.
 */
export function speaksComposite(document: DocumentNode): boolean {
  if (compositeLink(document) !== undefined) return true;
  const isFederated = usesFederationLink(document);
  let found = false;
  visit(document, {
    ScalarTypeDefinition(node) {
      if (WORD_SCALARS.has(node.name.value)) found = true;
    },
    Directive(node) {
      const name = node.name.value;
      if (name === 'lookup' || (name === 'require' && hasField(node)) || (name === 'internal' && !isFederated))
        found = true;
    },
  });
  return found;
}

function hasField(node: { readonly arguments?: ConstDirectiveNode['arguments'] | readonly unknown[] }): boolean {
  return ((node.arguments ?? []) as readonly { name: { value: string } }[]).some(({ name }) => name.value === 'field');
}

/** The document with the vocabulary's directives under the names that the specification gives them, whatever the link renames. */
export function canonicalWords(document: DocumentNode): DocumentNode {
  const link = compositeLink(document);
  if (link === undefined) return document;
  const names = importedNames(link);
  const prefix = `${stringArgument(link, 'as') ?? 'composite'}__`;
  const canonical = (name: string) => {
    const imported = names.get(name);
    if (imported !== undefined) return imported;
    const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return OWN_WORDS.has(bare) || SHARED_WORDS.has(bare) ? bare : name;
  };
  return visit(document, {
    Directive: (node) => ({ ...node, name: { ...node.name, value: canonical(node.name.value) } }),
    DirectiveDefinition: (node) => ({ ...node, name: { ...node.name, value: canonical(node.name.value) } }),
  });
}

export function isCompositeLink(args: Readonly<Record<string, unknown>>): boolean {
  return LINK.test(stringArgument(args, 'url') ?? '');
}

function compositeLink(document: DocumentNode): Readonly<Record<string, unknown>> | undefined {
  return document.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
        ? directiveArguments(node, 'link')
        : [],
    )
    .find(isCompositeLink);
}

/** Name in the document -> name in the specification, without `@`. */
function importedNames(link: Readonly<Record<string, unknown>>): Map<string, string> {
  const names = new Map<string, string>();
  const imports = Array.isArray(link['import']) ? (link['import'] as unknown[]) : [];
  for (const entry of imports) {
    const { name, as } =
      typeof entry === 'string' ? { name: entry, as: entry } : (entry as { name?: string; as?: string });
    if (name !== undefined) names.set((as ?? name).replace('@', ''), name.replace('@', ''));
  }
  return names;
}
