/**
 * A gateway schema as one more subgraph of a finished supergraph document: composed or not by Weft, the document is all that is needed.
 * Where: between composition and `parseSupergraph`. What a user sees: all that is wrong, each with its place.
 */
import { type DocumentNode, GraphQLError, parse, print } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { addDefinition } from '../definitions.ts';
import { checkAdditions } from './checkAdditions.ts';
import type { GatewaySchema } from './GatewaySchema.ts';
import { gatherTypes } from './gatherTypes.ts';
import { printGatewaySdl } from './printGatewaySdl.ts';
import { providedBy, valueFieldsOf } from './providedBy.ts';
import { readGraphDocument } from './readGraphDocument.ts';
import { readTypeDefs } from './readTypeDefs.ts';
import { writeJoins } from './writeJoins.ts';

export function extendSupergraph(
  sdl: string,
  schema: GatewaySchema,
): { readonly sdl: string } | { readonly issues: readonly Issue[] } {
  const document = parseDocument(sdl);
  if ('issues' in document) return document;
  const graph = readGraphDocument(document);
  const additions = readTypeDefs(schema.typeDefs, graph);
  const checked = checkAdditions(additions, graph, schema);
  const issues = [...additions.issues, ...checked.issues].map((issue) => ({
    code: 'INVALID_GATEWAY_SCHEMA',
    ...issue,
  }));
  if (issues.length > 0) return { issues };
  const types = gatherTypes(additions, graph, valueFieldsOf(checked.resolveTo, additions, graph));
  const provides = providedBy(checked.resolveTo, { additions, graph, types });
  const name = freeName([...graph.graphs.values()]);
  const value = freeName([...graph.graphs.keys()], 'GATEWAY');
  const joined = writeJoins(graph, {
    types,
    name,
    value,
    requires: checked.requires,
    provides,
    resolveTo: checked.resolveTo,
    protections: additions.protections,
  });
  const own = printGatewaySdl(types, { graph, provides });
  return { sdl: print(addDefinition(joined, value, { source: { kind: 'resolvers', sdl: own } })) };
}

function parseDocument(sdl: string): DocumentNode | { readonly issues: readonly Issue[] } {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { issues: [{ message: error.message }] };
  }
}

/** What errors name as their subgraph. */
function freeName(taken: readonly string[], wanted = 'gateway'): string {
  let name = wanted;
  while (taken.includes(name)) name = `${name}_`;
  return name;
}
