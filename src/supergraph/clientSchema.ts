import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  GraphQLDeferDirective,
  GraphQLSchema,
  GraphQLStreamDirective,
  type InputValueDefinitionNode,
  Kind,
  visit,
} from 'graphql';
import { readLinks } from './compose/links.ts';

/** Directives that mean something to a client and therefore stay on the client schema. */
const CLIENT_DIRECTIVES = new Set(['deprecated', 'specifiedBy', 'oneOf']);
const MACHINERY =
  /^(join|link|core|weft|federation|tag|inaccessible|context|cost|listSize|authenticated|requiresScopes|policy|interfaceObject|cacheTag)(__.*)?$/;

/**
 * The schema that clients see: the supergraph document without the machinery of composition and without what is `@inaccessible`.
 * `inaccessible` is the name that the directive goes by in the document, which a `@link` may have changed.
 */
export function clientSchema(document: DocumentNode, inaccessible = 'inaccessible'): GraphQLSchema {
  const hidden = (node: { readonly directives?: readonly (DirectiveNode | ConstDirectiveNode)[] | undefined }) =>
    (node.directives ?? []).some((directive) => directive.name.value === inaccessible);
  const hiddenTypes = new Set<string>();
  for (const definition of document.definitions) {
    if ('name' in definition && definition.name !== undefined && hidden(definition as never))
      hiddenTypes.add(definition.name.value);
  }
  const prune = <T extends { readonly directives?: readonly DirectiveNode[] | undefined }>(node: T): T | null =>
    hidden(node) ? null : node;
  const enums = new Set(
    document.definitions.flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION ? node.name.value : [])),
  );
  const pruned = visit(document, {
    SchemaDefinition: (node) => ({ ...node, directives: [] }),
    Directive: (node) => (CLIENT_DIRECTIVES.has(node.name.value) ? withoutNulls(node) : null),
    FieldDefinition: { enter: prune },
    InputValueDefinition: { enter: (node) => prune(withEnumDefault(node, enums)) },
    EnumValueDefinition: { enter: prune },
    ObjectTypeDefinition: {
      enter: (node) =>
        prune({ ...node, interfaces: (node.interfaces ?? []).filter((i) => !hiddenTypes.has(i.name.value)) }),
    },
    InterfaceTypeDefinition: {
      enter: (node) =>
        prune({ ...node, interfaces: (node.interfaces ?? []).filter((i) => !hiddenTypes.has(i.name.value)) }),
    },
    UnionTypeDefinition: {
      enter: (node) => prune({ ...node, types: (node.types ?? []).filter((t) => !hiddenTypes.has(t.name.value)) }),
    },
    ScalarTypeDefinition: { enter: prune },
    EnumTypeDefinition: { enter: prune },
    InputObjectTypeDefinition: { enter: prune },
  });
  const isLinked = linkedElements(document);
  const definitions = pruned.definitions
    .filter((definition) => !isMachinery(definition) && !isLinked(definition))
    .map(executableOnly);
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
  const config = schema.toConfig();
  const names = new Set(config.directives.map((directive) => directive.name));
  const incremental = [GraphQLDeferDirective, GraphQLStreamDirective].filter((directive) => !names.has(directive.name));
  return new GraphQLSchema({ ...config, directives: [...config.directives, ...incremental] });
}

/** `@deprecated(reason: null)` was once allowed. */
function withoutNulls(node: DirectiveNode): DirectiveNode {
  return { ...node, arguments: (node.arguments ?? []).filter(({ value }) => value.kind !== Kind.NULL) };
}

/** Composers let a default of an enum pass that is written as a text. */
function withEnumDefault(node: InputValueDefinitionNode, enums: ReadonlySet<string>): InputValueDefinitionNode {
  const { defaultValue } = node;
  const named = node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : node.type;
  const isText = named.kind === Kind.NAMED_TYPE && enums.has(named.name.value) && defaultValue?.kind === Kind.STRING;
  return isText ? { ...node, defaultValue: { kind: Kind.ENUM, value: defaultValue.value } } : node;
}

/** Executable directives are the client's; where else a subgraph uses one is not. */
export const EXECUTABLE =
  /^(QUERY|MUTATION|SUBSCRIPTION|FIELD|FRAGMENT_DEFINITION|FRAGMENT_SPREAD|INLINE_FRAGMENT|VARIABLE_DEFINITION)$/;

function executableOnly(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.DIRECTIVE_DEFINITION) return definition;
  return { ...definition, locations: definition.locations.filter(({ value }) => EXECUTABLE.test(value)) };
}

/** What comes with a specification that the supergraph links to is for gateways. */
function linkedElements(document: DocumentNode): (definition: DefinitionNode) => boolean {
  const links = readLinks(document);
  const imported = new Set(links.flatMap(({ name, imports }) => [`@${name}`, ...imports.map(({ as }) => as)]));
  return (definition) => {
    if (!('name' in definition) || definition.name === undefined) return false;
    const { value } = definition.name;
    const isImported = imported.has(definition.kind === Kind.DIRECTIVE_DEFINITION ? `@${value}` : value);
    return isImported || links.some(({ name }) => value.startsWith(`${name}__`));
  };
}

function isMachinery(definition: DefinitionNode): boolean {
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) {
    const executable = definition.locations.some(({ value }) => EXECUTABLE.test(value));
    return !executable || MACHINERY.test(definition.name.value);
  }
  return (
    'name' in definition &&
    definition.name !== undefined &&
    /^(join|link|core|weft|federation|context|policy|requiresScopes)__/.test(definition.name.value)
  );
}
