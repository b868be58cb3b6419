import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, GraphQLError, parse, print } from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { writeDefinitions } from './definitions.ts';
import { federate } from './federate.ts';
import { lowerVersion } from './lowerVersion.ts';
import type { Subgraph } from './Subgraph.ts';

/**
 * Composes subgraphs of any kind into one supergraph document, or says all that keeps them apart.
 * The only place that knows the composer.
 */
export function compose(
  subgraphs: readonly Subgraph[],
): { readonly sdl: string } | { readonly issues: readonly Issue[] } {
  if (subgraphs.length === 0) return { issues: [{ message: 'Expected at least one subgraph, found none.' }] };
  const issues: Issue[] = [];
  const services = subgraphs.flatMap((subgraph) => {
    const read = readSubgraph(subgraph);
    if ('issues' in read) issues.push(...read.issues);
    return 'issues' in read ? [] : [{ name: subgraph.name, url: subgraph.url, typeDefs: read.document }];
  });
  if (issues.length > 0) return { issues };
  const composed = runComposer(services);
  if ('issues' in composed) return { issues: composed.issues.map((issue) => withSubgraphs(issue, subgraphs)) };
  return { sdl: writeDefinitions(composed.sdl, subgraphs) };
}

function readSubgraph(subgraph: Subgraph): { readonly document: DocumentNode } | { readonly issues: readonly Issue[] } {
  try {
    return federate(subgraph, lowerVersion(parse(subgraph.sdl, { noLocation: true })));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [location] = error.locations ?? [];
    return {
      issues: [
        {
          message: error.message,
          subgraphs: [subgraph.name],
          line: location?.line,
          column: location?.column,
          code: 'INVALID_GRAPHQL',
        },
      ],
    };
  }
}

type Service = Parameters<typeof composeServices>[0][number];

function runComposer(services: Service[]): { readonly sdl: string } | { readonly issues: readonly Issue[] } {
  try {
    const result = composeServices(services);
    if (result.errors !== undefined) return { issues: result.errors.map(toIssue) };
    return { sdl: print(parse(result.supergraphSdl)) };
  } catch (error) {
    // The composer throws on some inputs that it should refuse.
    return {
      issues: [{ message: error instanceof Error ? error.message : String(error), code: 'COMPOSITION_FAILED' }],
    };
  }
}

function toIssue(error: GraphQLError): Issue {
  const code = error.extensions['code'];
  const coordinate = /"([A-Za-z_]\w*\.[A-Za-z_]\w*)(?:\([^)]*\))?"/.exec(error.message)?.[1];
  const [location] = error.locations ?? [];
  return {
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    path: coordinate,
    line: location?.line,
    column: location?.column,
  };
}

/** The subgraphs that a message of the composer names, in quotes or in brackets. */
function withSubgraphs(issue: Issue, subgraphs: readonly Subgraph[]): Issue {
  const named = subgraphs
    .filter(({ name }) => issue.message.includes(`"${name}"`) || issue.message.includes(`[${name}]`))
    .map(({ name }) => name);
  const hint =
    issue.code === 'INVALID_FIELD_SHARING'
      ? ' Rename or hide it in one of them ("transforms"), or mark it "@shareable" where all mean the same.'
      : '';
  return {
    ...issue,
    message: `${issue.message.replace(/\.?$/, '.')}${hint}`,
    ...(named.length === 0 ? {} : { subgraphs: named }),
  };
}
