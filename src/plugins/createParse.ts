import { type DocumentNode, GraphQLError, parse, type Source } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { toGraphQLError } from '../errors/toGraphQLError.ts';
import { nestingDepth } from '../lib/nestingDepth.ts';
import type { Nameless } from './createNameless.ts';
import { checkDocument } from './limits/checkDocument.ts';
import type { DocumentLimits } from './limits/DocumentLimits.ts';

/** graphql-js' parser with bounds: its recursion overflows at some thousand nested braces, so that depth is measured first. Throws `GraphQLError`s with a code. */
export function createParse(limits: DocumentLimits, nameless: Nameless): (source: string | Source) => DocumentNode {
  return (source) => {
    const text = typeof source === 'string' ? source : source.body;
    const known = nameless.find(text);
    if (known !== undefined) return known;
    if (nestingDepth(text, limits.parser_max_recursion) > limits.parser_max_recursion) {
      const message = `The document nests deeper than ${limits.parser_max_recursion} levels ("limits.parser_max_recursion").`;
      throw toGraphQLError(new GatewayError('DOCUMENT_TOO_DEEP', message));
    }
    const document = parseText(source, limits.max_tokens);
    checkSize(document, limits);
    nameless.note(text, document);
    return document;
  };
}

function parseText(source: string | Source, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    throw error instanceof GraphQLError ? withCode(error, 'GRAPHQL_PARSE_FAILED') : error;
  }
}

function checkSize(document: DocumentNode, limits: DocumentLimits): void {
  try {
    checkDocument(document, limits);
  } catch (error) {
    if (error instanceof GatewayError) throw toGraphQLError(error);
    // Thousands of fragments that spread each other in a chain nest without a brace.
    if (!(error instanceof RangeError)) throw error;
    throw toGraphQLError(new GatewayError('DOCUMENT_TOO_DEEP', 'The fragments of the document nest too deep.'));
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: { ...error.extensions, code },
  });
}
