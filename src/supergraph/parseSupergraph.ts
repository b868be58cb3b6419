import { type DocumentNode, GraphQLError, Kind, parse, type TypeDefinitionNode } from 'graphql';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import { overrideLabels } from './applyOverrides.ts';
import { readRequirements } from './authorization/readRequirements.ts';
import { clientSchema } from './clientSchema.ts';
import { readDefinitions } from './definitions.ts';
import { directiveArguments, stringArgument } from './directiveArguments.ts';
import { readFieldLimits } from './fieldLimits.ts';
import { partInterfaceObjects } from './partInterfaceObjects.ts';
import { readCacheHints } from './readCacheHints.ts';
import { readCosts } from './readCosts.ts';
import { readTypes } from './readTypes.ts';
import type { SubgraphDefinition } from './Subgraph.ts';
import type { SubgraphInfo, Supergraph } from './Supergraph.ts';

const PLAIN: SubgraphDefinition = { source: { kind: 'graphql' } };

/**
 * Decodes a supergraph document: `join` 0.1 to 0.5 as rover, Hive and Apollo's composition make it, and Weft's own.
 * Throws an `IssuesError` where the text is not one; `file` is only for its messages.
 */
export function parseSupergraph(sdl: string, file?: string): Supergraph {
  const document = parseDocument(sdl, file);
  const subgraphs = readSubgraphs(document);
  if (subgraphs.length === 0) {
    throw new IssuesError('Not a supergraph document.', [
      { file, message: 'Expected an enum "join__Graph" whose values carry "@join__graph(name:, url:)"; found none.' },
    ]);
  }
  const roots = readRoots(document);
  try {
    const inaccessible = linkedName(document, 'inaccessible');
    const types = readTypes(document, subgraphs, { inaccessible, context: linkedName(document, 'context') });
    return {
      sdl,
      clientSchema: clientSchema(document, inaccessible),
      ...partInterfaceObjects({ subgraphs, types }),
      costs: readCosts(document),
      cacheHints: readCacheHints(document),
      overrideLabels: overrideLabels(types),
      requirements: readRequirements(document),
      fieldLimits: readFieldLimits(document),
      roots,
    };
  } catch (error) {
    if (error instanceof IssuesError) throw error;
    throw new IssuesError('Not a usable supergraph document.', [
      { file, message: error instanceof Error ? error.message : String(error) },
    ]);
  }
}

function parseDocument(sdl: string, file: string | undefined): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const location = error.locations?.[0];
    const issue: Issue = { file, line: location?.line, column: location?.column, message: error.message };
    throw new IssuesError('Not a supergraph document.', [issue]);
  }
}

function readSubgraphs(document: DocumentNode): SubgraphInfo[] {
  const definitions = readDefinitions(document);
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).map((value, id) => {
    const args = directiveArguments(value, 'join__graph')[0] ?? {};
    const graph = value.name.value;
    const definition = definitions.get(graph) ?? PLAIN;
    return {
      id,
      graph,
      name: stringArgument(args, 'name') ?? graph,
      url: stringArgument(args, 'url') ?? '',
      definition,
    };
  });
}

function readRoots(document: DocumentNode): Supergraph['roots'] {
  const schema = document.definitions.find(
    (node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION,
  );
  const named = new Map<string, string>();
  if (schema !== undefined && 'operationTypes' in schema) {
    for (const operation of schema.operationTypes ?? []) named.set(operation.operation, operation.type.name.value);
  }
  const defined = new Set(document.definitions.map((node) => (node as TypeDefinitionNode).name?.value));
  const fallback = (operation: string, name: string) =>
    named.get(operation) ?? (named.size === 0 && defined.has(name) ? name : undefined);
  return {
    query: fallback('query', 'Query') ?? 'Query',
    mutation: fallback('mutation', 'Mutation'),
    subscription: fallback('subscription', 'Subscription'),
  };
}

/** The name of a directive whose `@link(url: ".../inaccessible/v0.2", as: "hidden")` (or `@core`) may rename it. */
function linkedName(document: DocumentNode, directive: string): string {
  for (const node of document.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const args of [...directiveArguments(node, 'link'), ...directiveArguments(node, 'core')]) {
      const url = stringArgument(args, 'url') ?? stringArgument(args, 'feature') ?? '';
      if (url.includes(`/${directive}/v`)) return stringArgument(args, 'as') ?? directive;
    }
  }
  return directive;
}
