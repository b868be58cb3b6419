import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import type { SourceIndex } from '../readSource.ts';
import { isType } from '../schemaIndex.ts';
import { isCompositeLink, OWN_WORDS, SHARED_WORDS, WORD_SCALARS } from './compositeWords.ts';
import type { EntityKey } from './translateComposite.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${[...SHARED_WORDS, 'tag'].map((word) => `"@${word}"`).join(', ')}])`;

interface Rewriting {
  readonly index: SourceIndex;
  readonly keys: ReadonlyMap<string, readonly EntityKey[]>;
  /** The document has Federation's link already. */
  readonly entities: boolean;
}

/** The document without the words that Federation does not have, and without all that they say is not for clients. */
export function rewriteDocument(document: DocumentNode, { index, keys, entities }: Rewriting): DocumentNode {
  const internal = new Set([...index.kinds.keys()].filter((type) => index.directives(type, 'internal').length > 0));
  const keyed = new Set<string>();
  const kept = document.definitions.flatMap((node): DefinitionNode[] => {
    if (isMachinery(node, entities)) return [];
    if (!isType(node)) return [withoutCompositeLink(node)];
    const type = node.name.value;
    if (internal.has(type)) return [];
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION: {
        const fields = rewriteFields(node.fields ?? []);
        if (fields.length === 0 && (node.fields ?? []).length > 0) return [];
        // Keys are written once, at the first definition or extension.
        const own = keyed.has(type) ? [] : (keys.get(type) ?? []);
        keyed.add(type);
        return [{ ...node, fields, directives: rewriteDirectives(node, own) } as ObjectTypeDefinitionNode];
      }
      case Kind.UNION_TYPE_DEFINITION:
      case Kind.UNION_TYPE_EXTENSION:
        return [{ ...node, types: (node.types ?? []).filter((member) => !internal.has(member.name.value)) }];
      default:
        return [node];
    }
  });
  const orphans = orphansOf(document, kept);
  const left = kept.filter((node) => !(isType(node) && orphans.has(node.name.value)));
  const defined = new Set(left.flatMap((node) => (isType(node) ? [node.name.value] : [])));
  const definitions = left.flatMap((node) => withoutLostRoots(node, defined));
  return { ...document, definitions: entities ? definitions : [...definitions, ...parse(LINK).definitions] };
}

/** Definitions of the vocabulary itself: the composer knows them. */
function isMachinery(node: DefinitionNode, entities: boolean): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION)
    return OWN_WORDS.has(node.name.value) || (!entities && SHARED_WORDS.has(node.name.value));
  return node.kind === Kind.SCALAR_TYPE_DEFINITION && WORD_SCALARS.has(node.name.value);
}

function withoutCompositeLink(node: DefinitionNode): DefinitionNode {
  if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return node;
  const directives = (node.directives ?? []).filter(
    (directive) =>
      directive.name.value !== 'link' || !directiveArguments({ directives: [directive] }, 'link').some(isCompositeLink),
  );
  return { ...node, directives };
}

/** A root type all of whose fields were internal is gone. */
function withoutLostRoots(node: DefinitionNode, defined: ReadonlySet<string>): DefinitionNode[] {
  if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) return [node];
  const operationTypes = (node.operationTypes ?? []).filter(({ type }) => defined.has(type.name.value));
  if (operationTypes.length > 0) return [{ ...node, operationTypes }];
  return [{ ...node, kind: Kind.SCHEMA_EXTENSION, operationTypes: undefined }];
}

function rewriteFields(fields: readonly FieldDefinitionNode[]): FieldDefinitionNode[] {
  return fields
    .filter((field) => directiveArguments(field, 'internal').length === 0)
    .map((field) => ({
      ...field,
      directives: withoutOwn(field.directives),
      arguments: (field.arguments ?? [])
        .filter((argument) => directiveArguments(argument, 'require').length === 0)
        .map((argument) => ({ ...argument, directives: withoutOwn(argument.directives) })),
    }));
}

function withoutOwn(directives: readonly ConstDirectiveNode[] = []): ConstDirectiveNode[] {
  return directives.filter((directive) => !OWN_WORDS.has(directive.name.value));
}

function rewriteDirectives(
  { directives }: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  keys: readonly EntityKey[],
): ConstDirectiveNode[] {
  return [
    ...withoutOwn(directives).filter((directive) => directive.name.value !== 'key'),
    ...keys.map(({ fields, resolvable }) => keyDirective(fields, resolvable)),
  ];
}

function keyDirective(fields: string, resolvable: boolean): ConstDirectiveNode {
  const text = `type T @key(fields: ${JSON.stringify(fields)}${resolvable ? '' : ', resolvable: false'}) { _: Int }`;
  const [node] = parse(text, { noLocation: true }).definitions;
  return (node as ObjectTypeDefinitionNode).directives?.[0] as ConstDirectiveNode;
}

/** Types that only arguments or fields that have gone were made of. */
function orphansOf(before: DocumentNode, after: readonly DefinitionNode[]): ReadonlySet<string> {
  const orphans = new Set<string>();
  const once = references(before.definitions);
  for (;;) {
    const now = references(after.filter((node) => !(isType(node) && orphans.has(node.name.value))));
    const more = after.filter(
      (node) =>
        isType(node) &&
        /^(InputObject|Enum|Scalar)/.test(node.kind) &&
        once.has(node.name.value) &&
        !now.has(node.name.value) &&
        !orphans.has(node.name.value),
    );
    if (more.length === 0) return orphans;
    for (const node of more) if (isType(node)) orphans.add(node.name.value);
  }
}

function references(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  visit({ kind: Kind.DOCUMENT, definitions } as DocumentNode, {
    DirectiveDefinition: () => false,
    NamedType(node) {
      found.add(node.name.value);
    },
  });
  return found;
}
