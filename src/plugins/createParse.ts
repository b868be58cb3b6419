import { type DocumentNode, GraphQLError, parse, type Source } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { toGraphQLError } from '../errors/toGraphQLError.ts';
import { nestingDepth } from '../lib/nestingDepth.ts';
import type { Nameless } from './createNameless.ts';

export interface ParseLimits {
  readonly max_depth: number;
  readonly max_tokens: number;
}

/** graphql-js' parser with bounds: its recursion overflows at some thousand nested braces, so that depth is measured first. Throws `GraphQLError`s with a code. */
export function createParse(limits: ParseLimits, nameless: Nameless): (source: string | Source) => DocumentNode {
  return (source) => {
    const text = typeof source === 'string' ? source : source.body;
    const known = nameless.find(text);
    if (known !== undefined) return known;
    if (nestingDepth(text, limits.max_depth) > limits.max_depth) {
      const message = `The document nests deeper than ${limits.max_depth} levels.`;
      throw toGraphQLError(new GatewayError('DOCUMENT_TOO_DEEP', message));
    }
    try {
      const document = parse(source, { maxTokens: limits.max_tokens });
      nameless.note(text, document);
      return document;
    } catch (error) {
      throw error instanceof GraphQLError ? withCode(error, 'GRAPHQL_PARSE_FAILED') : error;
    }
  };
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    source: error.source,
    positions: error.positions,
    extensions: { ...error.extensions, code },
  });
}
