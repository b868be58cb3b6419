import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLError,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  specifiedDirectives,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  validateSchema,
  visit,
} from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { toErrorMessage } from './toErrorMessage.ts';

/** Types that a subgraph may use without a definition, under the names of their specifications. */
const federationTypes =
  /^(_Any|_FieldSet|FieldSet|FieldSelectionMap|FieldSelectionSet|_Entity|_Service|Policy|Scope|ContextArgument|(federation|link|join|core)__\w+)$/;

const definitionKinds = {
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
} as const;

/**
 * What is wrong with a subgraph's SDL on its own: syntax, unknown and doubly defined types, and the rules of a GraphQL schema.
 * Federation's directives are not judged: that is composition's task. `file` is what the issues name.
 */
export function checkSdl(sdl: string, file?: string): readonly Issue[] {
  let document: DocumentNode;
  try {
    document = parse(sdl);
  } catch (error) {
    return [toIssue(error, file)];
  }
  const names = checkNames(document, file);
  if (names.length > 0) {
    return names;
  }
  try {
    const errors = validateSchema(buildASTSchema(toPlainDocument(document), { assumeValidSDL: true }));
    return errors.filter((error) => !isAboutQueryRoot(error)).map((error) => toIssue(error, file));
  } catch (error) {
    return [toIssue(error, file)];
  }
}

/** A subgraph needs no query fields of its own. */
function isAboutQueryRoot(error: GraphQLError): boolean {
  return /^Query root type must be provided|^Type Query must define one or more fields/.test(error.message);
}

function checkNames(document: DocumentNode, file: string | undefined): Issue[] {
  const known = new Set<string>(specifiedScalarTypes.map((type) => type.name));
  const issues: Issue[] = [];
  for (const node of document.definitions) {
    if (isTypeDefinitionNode(node) && known.has(node.name.value)) {
      issues.push({
        message: `Type "${node.name.value}" is defined twice.`,
        ...place(file, node.name.loc?.startToken),
      });
    }
    if (isTypeDefinitionNode(node) || isTypeExtensionNode(node)) {
      known.add(node.name.value);
    }
  }
  visit(document, {
    NamedType(node) {
      const name = node.name.value;
      if (!known.has(name) && !federationTypes.test(name)) {
        issues.push({ message: `Type "${name}" is used, but not defined.`, ...place(file, node.loc?.startToken) });
      }
    },
  });
  return issues;
}

/** The document as plain GraphQL: federation's directives gone, extensions of types that live elsewhere made definitions, its scalars defined. */
function toPlainDocument(document: DocumentNode): DocumentNode {
  const specified = new Set<string>(specifiedDirectives.map((directive) => directive.name));
  const stripped = visit(document, {
    Directive: (node) => (specified.has(node.name.value) ? undefined : null),
    DirectiveDefinition: () => null,
  });
  const defined = new Set(stripped.definitions.filter(isTypeDefinitionNode).map((node) => node.name.value));
  const used = new Set<string>();
  visit(stripped, {
    NamedType(node) {
      used.add(node.name.value);
    },
  });
  const definitions: DefinitionNode[] = [];
  for (const node of stripped.definitions) {
    if (isTypeExtensionNode(node) && !defined.has(node.name.value)) {
      defined.add(node.name.value);
      definitions.push(toDefinition(node));
    } else if (node.kind !== Kind.SCHEMA_EXTENSION || (node.operationTypes?.length ?? 0) > 0) {
      definitions.push(node);
    }
  }
  for (const name of used) {
    if (!defined.has(name) && federationTypes.test(name)) {
      definitions.push({ kind: Kind.SCALAR_TYPE_DEFINITION, name: { kind: Kind.NAME, value: name } });
    }
  }
  return { kind: Kind.DOCUMENT, definitions };
}

function toDefinition(node: TypeExtensionNode): TypeDefinitionNode {
  return { ...node, kind: definitionKinds[node.kind] } as TypeDefinitionNode;
}

function toIssue(error: unknown, file: string | undefined): Issue {
  const location = error instanceof Error && 'locations' in error ? (error as GraphQLError).locations?.[0] : undefined;
  return { message: toErrorMessage(error), ...place(file, location) };
}

function place(
  file: string | undefined,
  location: { readonly line: number; readonly column: number } | undefined,
): Pick<Issue, 'file' | 'line' | 'column'> {
  return { file, line: location?.line, column: location?.column };
}
