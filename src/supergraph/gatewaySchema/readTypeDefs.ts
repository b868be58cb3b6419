import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLError,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type Location,
  parse,
  print,
  type TypeDefinitionNode,
} from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { closestName } from '../../lib/closestName.ts';
import { protectionsOf } from '../authorization/readRequirements.ts';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import type { TypeDefs } from './GatewaySchema.ts';
import type { GraphDocument } from './readGraphDocument.ts';

/** What the type definitions of a gateway schema add to a graph. */
export interface Additions {
  /** Types that the graph does not have. */
  readonly types: ReadonlyMap<string, TypeDefinitionNode>;
  /** Fields by object type that the graph has, each with its place for issues. */
  readonly fields: ReadonlyMap<string, readonly AddedField[]>;
  /** `@key`s written on extensions, by type. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** What extensions say of who may read a type or a field of the graph, by `Type` and `Type.field`. */
  readonly protections: ReadonlyMap<string, readonly ConstDirectiveNode[]>;
  readonly issues: readonly Issue[];
}

export interface AddedField {
  readonly node: FieldDefinitionNode;
  readonly place: Pick<Issue, 'file' | 'line' | 'column'>;
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);
/** Definitions that tell other tools about `@resolveTo`; nothing is added by them. */
const IGNORED = new Set(['resolveTo', 'ResolveToSourceArgs', 'TransportOptions']);

/** Sorts the definitions: new types, and fields for types that are there. */
export function readTypeDefs(typeDefs: readonly TypeDefs[], graph: GraphDocument): Additions {
  const types = new Map<string, TypeDefinitionNode>();
  const fields = new Map<string, AddedField[]>();
  const keys = new Map<string, string[]>();
  const protections = new Map<string, readonly ConstDirectiveNode[]>();
  const issues: Issue[] = [];
  const documents = typeDefs.flatMap(({ sdl, file }) => {
    const document = parseTypeDefs(sdl, file, issues);
    return document === undefined ? [] : [{ document, file }];
  });
  for (const { document, file } of documents) {
    for (const node of document.definitions) {
      if (!isTypeDefinitionNode(node) || graph.types.has(node.name.value) || isIgnored(node)) continue;
      if (types.has(node.name.value))
        issues.push({ message: `Type "${node.name.value}" is defined twice.`, ...placeOf(node.loc, file) });
      else types.set(node.name.value, node);
    }
  }
  for (const { document, file } of documents) {
    for (const node of document.definitions) {
      const place = placeOf(node.loc, file);
      const refuse = (message: string) => issues.push({ message, ...place });
      if (isTypeDefinitionNode(node)) {
        const name = node.name.value;
        const known = graph.types.get(name);
        if (known === undefined || isIgnored(node)) continue;
        if (node.kind === Kind.SCALAR_TYPE_DEFINITION && known.kind === node.kind) continue;
        if (node.kind === Kind.OBJECT_TYPE_DEFINITION && graph.isRoot(name)) addFields(name, node.fields ?? [], file);
        else refuse(`Type "${name}" is in the graph already. Write "extend type ${name}" to give it more fields.`);
      } else if (isTypeExtensionNode(node)) {
        const name = node.name.value;
        const own = types.get(name);
        const known = own ?? graph.types.get(name);
        if (known === undefined && ROOTS.has(name) && node.kind === Kind.OBJECT_TYPE_EXTENSION) {
          types.set(name, { ...node, kind: Kind.OBJECT_TYPE_DEFINITION });
        } else if (known === undefined) {
          const meant = closestName(name, [...graph.types.keys(), ...types.keys()]);
          refuse(`No type "${name}" is in the graph${meant === undefined ? '.' : `; did you mean "${meant}"?`}`);
        } else if (node.kind !== Kind.OBJECT_TYPE_EXTENSION || known.kind !== Kind.OBJECT_TYPE_DEFINITION) {
          refuse(`"${name}" cannot be extended: object types can.`);
        } else if (own !== undefined) {
          const directives = [...(known.directives ?? []), ...protectionsOf(node)];
          types.set(name, { ...known, directives, fields: [...(known.fields ?? []), ...(node.fields ?? [])] });
        } else {
          if ((node.interfaces ?? []).length > 0)
            refuse(`"${name}" is a type of subgraphs: they say which interfaces it implements.`);
          keys.set(name, [
            ...(keys.get(name) ?? []),
            ...directiveArguments(node, 'key').flatMap((args) => stringArgument(args, 'fields') ?? []),
          ]);
          protections.set(name, [...(protections.get(name) ?? []), ...protectionsOf(node)]);
          addFields(name, node.fields ?? [], file);
        }
      } else if (
        node.kind !== Kind.DIRECTIVE_DEFINITION &&
        node.kind !== Kind.SCHEMA_EXTENSION &&
        node.kind !== Kind.SCHEMA_DEFINITION
      ) {
        refuse('Expected definitions of types, found an operation or a fragment.');
      }
    }
  }
  return { types, fields, keys, protections, issues };

  function addFields(type: string, nodes: readonly FieldDefinitionNode[], file: string | undefined): void {
    const added = fields.get(type) ?? [];
    fields.set(type, added);
    for (const node of nodes) {
      const name = node.name.value;
      const place = placeOf(node.loc, file);
      if (added.some((other) => other.node.name.value === name)) {
        issues.push({ message: `Field "${type}.${name}" is defined twice.`, path: `${type}.${name}`, ...place });
      } else if (isProtection(node, graph.fieldOf(type, name))) {
        protections.set(`${type}.${name}`, protectionsOf(node));
      } else if (graph.fieldOf(type, name) !== undefined) {
        issues.push({
          message: `Field "${type}.${name}" is in the graph already.`,
          path: `${type}.${name}`,
          subgraphs: graph.ownersOf(type, name),
          ...place,
        });
      } else added.push({ node, place });
    }
  }
}

/** A field of the graph once more, only to say who may read it. */
function isProtection(node: FieldDefinitionNode, known: FieldDefinitionNode | undefined): boolean {
  if (known === undefined || print(node.type) !== print(known.type)) return false;
  const own = node.directives ?? [];
  return own.length > 0 && own.length === protectionsOf(node).length;
}

function isIgnored(node: TypeDefinitionNode): boolean {
  return IGNORED.has(node.name.value);
}

function parseTypeDefs(sdl: string, file: string | undefined, issues: Issue[]): DocumentNode | undefined {
  try {
    return parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [location] = error.locations ?? [];
    issues.push({
      message: error.message,
      file,
      line: location?.line,
      column: location?.column,
      code: 'INVALID_GRAPHQL',
    });
    return undefined;
  }
}

function placeOf(loc: Location | undefined, file: string | undefined): Pick<Issue, 'file' | 'line' | 'column'> {
  return { file, line: loc?.startToken.line, column: loc?.startToken.column };
}
