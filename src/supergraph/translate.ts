import { type DocumentNode, GraphQLError, parse } from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { speaksComposite } from './composite/compositeWords.ts';
import { translateComposite } from './composite/translateComposite.ts';
import type { Subgraph, SubgraphDefinition } from './Subgraph.ts';
import { speaksStitching } from './stitching/stitchingWords.ts';
import { translateStitching } from './stitching/translateStitching.ts';

/**
 * A subgraph's schema in Federation's vocabulary, whichever it is written in, before composition: what a supergraph cannot carry
 * stands in the definition. What speaks Federation, or nothing, stays as it is.
 */
export function translate(
  subgraph: Subgraph,
):
  | { readonly document: DocumentNode; readonly definition: SubgraphDefinition }
  | { readonly issues: readonly Issue[] } {
  const { name, sdl, definition } = subgraph;
  const document = parseSdl(sdl);
  if (!('kind' in document)) return { issues: [{ ...document, subgraphs: [name], code: 'INVALID_GRAPHQL' }] };
  if (definition.source.kind !== 'graphql') return { document, definition };
  const translateWords = speaksComposite(document)
    ? translateComposite
    : speaksStitching(document)
      ? translateStitching
      : undefined;
  if (translateWords === undefined) return { document, definition };
  const translated = translateWords(name, document);
  return 'issues' in translated
    ? translated
    : { document: translated.document, definition: { ...definition, ...translated.definition } };
}

function parseSdl(sdl: string): DocumentNode | Pick<Issue, 'message' | 'line' | 'column'> {
  try {
    return parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [location] = error.locations ?? [];
    return { message: error.message, line: location?.line, column: location?.column };
  }
}
