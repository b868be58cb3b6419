import { composeServices } from '@theguild/federation-composition';
import { type DocumentNode, type GraphQLError, parse, print } from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { writeDefinitions } from './definitions.ts';
import { federate } from './federate.ts';
import { lowerVersion } from './lowerVersion.ts';
import type { Subgraph, SubgraphDefinition } from './Subgraph.ts';
import { translate } from './translate.ts';

/**
 * Composes subgraphs of any kind into one supergraph document, or says all that keeps them apart.
 * The only place that knows the composer.
 */
export function compose(
  subgraphs: readonly Subgraph[],
): { readonly sdl: string } | { readonly issues: readonly Issue[] } {
  if (subgraphs.length === 0) return { issues: [{ message: 'Expected at least one subgraph, found none.' }] };
  const issues: Issue[] = [];
  const translated: Subgraph[] = [];
  const services = subgraphs.flatMap((subgraph) => {
    const read = readSubgraph(subgraph);
    if ('issues' in read) {
      issues.push(...read.issues);
      return [];
    }
    translated.push({ ...subgraph, definition: read.definition });
    return [{ name: subgraph.name, url: subgraph.url, typeDefs: read.document }];
  });
  if (issues.length > 0) return { issues };
  const composed = runComposer(services);
  if ('issues' in composed) return { issues: composed.issues.map((issue) => withSubgraphs(issue, subgraphs)) };
  return { sdl: writeDefinitions(composed.sdl, translated) };
}

type Read = { readonly document: DocumentNode; readonly definition: SubgraphDefinition };

function readSubgraph(subgraph: Subgraph): Read | { readonly issues: readonly Issue[] } {
  const translated = translate(subgraph);
  if ('issues' in translated) return translated;
  const { definition, document } = translated;
  const federated = federate({ ...subgraph, definition }, lowerVersion(document));
  return 'issues' in federated ? federated : { document: federated.document, definition };
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
