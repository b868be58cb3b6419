import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type NameNode,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { TransformsConfig } from '../config/Config.ts';
import type { Issue } from '../errors/Issue.ts';
import { closestName } from '../lib/closestName.ts';
import { hideNodes } from './hideNodes.ts';
import { parseFieldSet } from './parseFieldSet.ts';
import type { MergedType, Subgraph, SubgraphDefinition } from './Subgraph.ts';
import { type SchemaIndex, schemaIndex } from './schemaIndex.ts';
import { namedType, typeRef } from './TypeRef.ts';

const SPECIFIED = new Set([
  'String',
  'Int',
  'Float',
  'Boolean',
  'ID',
  '_Any',
  '_Entity',
  '_Service',
  '_FieldSet',
  'FieldSet',
]);
const FIELD_SET_DIRECTIVES = new Set(['key', 'requires', 'provides']);

interface Renaming {
  readonly index: SchemaIndex;
  type(name: string): string;
  field(type: string, name: string): string;
}

/**
 * Renames, prefixes and hides types and fields of a subgraph, in the sense of `@graphql-tools/wrap`'s RenameTypes, RenameObjectFields and
 * FilterObjectFields, but in the document: the planner then writes the source's own names, and nothing is translated at run time.
 */
export function transformSubgraph(
  subgraph: Subgraph,
  transforms: TransformsConfig,
): { readonly subgraph: Subgraph } | { readonly issues: readonly Issue[] } {
  let document: DocumentNode;
  try {
    document = parse(subgraph.sdl, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { issues: [{ message: error.message, subgraphs: [subgraph.name], code: 'INVALID_GRAPHQL' }] };
  }
  const index = schemaIndex(document);
  const issues = checkTransforms(subgraph.name, transforms, index);
  if (issues.length > 0) return { issues };
  const renaming = createRenaming(transforms, index);
  const clashes = checkNames(subgraph.name, renaming);
  if (clashes.length > 0) return { issues: clashes };
  const hidden = hideNodes(document, new Set(transforms.hide ?? []));
  const sdl = print(renameDocument(hidden, renaming));
  const renames = listRenames(index, renaming);
  const isRenamed = Object.keys(renames.types).length > 0 || Object.keys(renames.fields).length > 0;
  return {
    subgraph: {
      ...subgraph,
      sdl,
      definition: { ...renameDefinition(subgraph.definition, renaming), ...(isRenamed ? { renames } : {}) },
    },
  };
}

function createRenaming({ prefix = '', rename = {} }: TransformsConfig, index: SchemaIndex): Renaming {
  return {
    index,
    type(name) {
      const given = rename[name];
      if (given !== undefined) return given;
      const kind = index.kinds.get(name);
      if (
        kind === undefined ||
        kind === Kind.SCALAR_TYPE_DEFINITION ||
        index.rootTypes.has(name) ||
        SPECIFIED.has(name)
      )
        return name;
      return `${prefix}${name}`;
    },
    field: (type, name) => rename[`${type}.${name}`] ?? name,
  };
}

/** Two things must not end under one name, and each name must be one that GraphQL has. */
function checkNames(subgraph: string, renaming: Renaming): Issue[] {
  const { index } = renaming;
  const issue = (message: string): Issue => ({
    message,
    path: 'transforms',
    subgraphs: [subgraph],
    code: 'INVALID_TRANSFORM',
  });
  const check = (names: Iterable<string>, renamed: (name: string) => string, of: string): Issue[] => {
    const taken = new Map<string, string>();
    return [...names].flatMap((before) => {
      const after = renamed(before);
      const other = taken.get(after);
      taken.set(after, before);
      if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(after))
        return [issue(`Expected a GraphQL name for "${of}${before}", found "${after}".`)];
      return other === undefined ? [] : [issue(`"${of}${other}" and "${of}${before}" would both be named "${after}".`)];
    });
  };
  const types = check(index.kinds.keys(), renaming.type, '');
  const fields = [...index.fields].flatMap(([type, own]) =>
    check(own.keys(), (name) => renaming.field(type, name), `${type}.`),
  );
  return [...types, ...fields];
}

function checkTransforms(subgraph: string, { rename = {}, hide = [] }: TransformsConfig, index: SchemaIndex): Issue[] {
  const coordinates = [...index.kinds.keys()].flatMap((type) => [
    type,
    ...[...(index.fields.get(type)?.keys() ?? [])].map((field) => `${type}.${field}`),
  ]);
  const known = new Set(coordinates);
  const unknown = (path: string, name: string): Issue[] => {
    if (known.has(name)) return [];
    const suggestion = closestName(name, coordinates);
    const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
    return [
      {
        message: `Expected a type or "Type.field" of this subgraph, found "${name}".${hint}`,
        path: `transforms.${path}`,
        subgraphs: [subgraph],
        code: 'INVALID_TRANSFORM',
      },
    ];
  };
  return [
    ...Object.keys(rename).flatMap((name) => unknown(`rename["${name}"]`, name)),
    ...hide.flatMap((name, at) => unknown(`hide[${at}]`, name)),
  ];
}

function renameDocument(document: DocumentNode, renaming: Renaming): DocumentNode {
  const definitions = document.definitions.map((node) => {
    if (node.kind === Kind.DIRECTIVE_DEFINITION || !('name' in node) || node.name === undefined)
      return renameReferences(node, renaming);
    const type = node.name.value;
    const withSets = renameFieldSets(node, type, renaming);
    const fields =
      'fields' in withSets && withSets.fields !== undefined
        ? {
            fields: (withSets.fields as readonly { readonly name: NameNode }[]).map((field) => ({
              ...field,
              name: name(renaming.field(type, field.name.value)),
            })),
          }
        : {};
    return renameReferences({ ...withSets, ...fields, name: name(renaming.type(type)) } as typeof node, renaming);
  });
  return { ...document, definitions };
}

function renameReferences<T extends ASTNode>(node: T, renaming: Renaming): T {
  return visit(node, { NamedType: (type) => ({ ...type, name: name(renaming.type(type.name.value)) }) });
}

/** `@key` on the type is read on the type itself, `@requires` too; `@provides` on the type that its field returns. */
function renameFieldSets<T extends ASTNode>(node: T, type: string, renaming: Renaming): T {
  let field: string | undefined;
  return visit(node, {
    FieldDefinition: {
      enter(definition) {
        field = definition.name.value;
      },
      leave() {
        field = undefined;
      },
    },
    Directive(directive) {
      if (!FIELD_SET_DIRECTIVES.has(directive.name.value.replace(/^federation__/, ''))) return undefined;
      const on =
        directive.name.value.endsWith('provides') && field !== undefined
          ? returnType(type, field, renaming.index)
          : type;
      const args = (directive.arguments ?? []).map((argument) =>
        argument.name.value === 'fields' && argument.value.kind === Kind.STRING
          ? { ...argument, value: { ...argument.value, value: renameSelection(argument.value.value, on, renaming) } }
          : argument,
      );
      return { ...directive, arguments: args };
    },
  });
}

function returnType(type: string, field: string, index: SchemaIndex): string {
  const definition = index.fields.get(type)?.get(field);
  return definition === undefined ? type : namedType(typeRef(definition.type));
}

/** A field set with its fields renamed; without braces, as directives have it. */
function renameSelection(text: string, type: string, renaming: Renaming): string {
  const walk = (set: SelectionSetNode, on: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      const inner =
        selection.kind === Kind.FIELD
          ? returnType(on, selection.name.value, renaming.index)
          : (selection.typeCondition?.name.value ?? on);
      const below = selection.selectionSet === undefined ? {} : { selectionSet: walk(selection.selectionSet, inner) };
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition =
          selection.typeCondition === undefined
            ? {}
            : { typeCondition: { ...selection.typeCondition, name: name(renaming.type(inner)) } };
        return { ...selection, ...below, ...condition };
      }
      return { ...selection, ...below, name: name(renaming.field(on, selection.name.value)) } satisfies FieldNode;
    }),
  });
  const printed = print(walk(parseFieldSet(text), type))
    .replace(/\s+/g, ' ')
    .trim();
  return printed.replace(/^\{([\s\S]*)\}$/, '$1').trim();
}

/** Field names in `key` and in `$key.…` are the source's own: they are read from what it is sent and what it answers. */
function renameMerge(
  merge: Readonly<Record<string, readonly MergedType[]>>,
  renaming: Renaming,
): Record<string, readonly MergedType[]> {
  return Object.fromEntries(
    Object.entries(merge).map(([type, entries]) => [
      renaming.type(type),
      entries.map((entry) => ({
        ...entry,
        selectionSet: `{ ${renameSelection(entry.selectionSet, type, renaming)} }`,
        fieldName: renaming.field(renaming.index.queryType, entry.fieldName),
        ...(entry.fields && {
          fields: Object.fromEntries(
            Object.entries(entry.fields).map(([field, { selectionSet }]) => [
              renaming.field(type, field),
              { selectionSet: `{ ${renameSelection(selectionSet, type, renaming)} }` },
            ]),
          ),
        }),
      })),
    ]),
  );
}

/** What the definition says in the supergraph's names; what it says in the source's own stays. */
function renameDefinition(definition: SubgraphDefinition, renaming: Renaming): SubgraphDefinition {
  const { merge, lookups, requirements, computed, canonical } = definition;
  const coordinate = (text: string) => {
    const [type = '', field] = text.split('.');
    return field === undefined ? renaming.type(type) : `${renaming.type(type)}.${renaming.field(type, field)}`;
  };
  const typeOf = (text: string) => text.split('.', 1)[0] as string;
  const braced = (set: string, type: string) => `{ ${renameSelection(set, type, renaming)} }`;
  return {
    ...definition,
    ...(merge && { merge: renameMerge(merge, renaming) }),
    ...(lookups && {
      lookups: mapRecord(lookups, renaming.type, (all, type) =>
        all.map((lookup) => ({ ...lookup, key: braced(lookup.key, type) })),
      ),
    }),
    ...(requirements && {
      requirements: mapRecord(requirements, coordinate, (all, of) =>
        all.map((one) => ({ ...one, selection: braced(keepResponseKeys(one.selection), typeOf(of)) })),
      ),
    }),
    ...(computed && { computed: mapRecord(computed, coordinate, (set, of) => braced(set, typeOf(of))) }),
    ...(canonical && { canonical: canonical.map(coordinate) }),
  };
}

function mapRecord<T>(
  record: Readonly<Record<string, T>>,
  rename: (name: string) => string,
  map: (value: T, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), map(value, name)]));
}

/** Arguments are made of values under these keys, whatever the fields are called. */
function keepResponseKeys(selection: string): string {
  return print(visit(parseFieldSet(selection), { Field: (node) => ({ ...node, alias: node.alias ?? node.name }) }));
}

function listRenames(
  index: SchemaIndex,
  renaming: Renaming,
): { readonly types: Record<string, string>; readonly fields: Record<string, string> } {
  const types: Record<string, string> = {};
  const fields: Record<string, string> = {};
  for (const type of index.kinds.keys()) {
    const renamed = renaming.type(type);
    if (renamed !== type) types[renamed] = type;
    for (const field of index.fields.get(type)?.keys() ?? []) {
      const renamedField = renaming.field(type, field);
      if (renamedField !== field) fields[`${renamed}.${renamedField}`] = field;
    }
  }
  return { types, fields };
}

function name(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
