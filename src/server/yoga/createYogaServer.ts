import type { Plugin } from '@envelop/core';
import type { GraphQLError } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

export type YogaServer = YogaServerInstance<Record<string, unknown>, Record<string, unknown>>;

export interface YogaServerOptions {
  readonly path: string;
  readonly plugins: readonly Plugin[];
  /** Logs what it masks. */
  readonly mask: (error: unknown) => GraphQLError;
}

/** Characters of the documents whose parse results are kept; parsed they take some fifty times as many bytes, under another name of a known one next to nothing. */
const DOCUMENT_CACHE_SIZE = 4 * 1024 * 1024;
const ERROR_CACHE_SIZE = 1024 * 1024;

/** Yoga with every default changed that is open, chatty or needs the network; HTTP's rules come from our plugins. */
export function createYogaServer({ path, plugins, mask }: YogaServerOptions): YogaServer {
  return createYoga({
    graphqlEndpoint: path,
    plugins: [...plugins],
    logging: false,
    maskedErrors: { maskError: (error) => mask(error) },
    // Ours, with the rules of the fast lane.
    cors: false,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    maxRequestBodySize: false,
    // Yoga answers any path that *ends* so; ours are exact. No URL ends with a bare line break.
    healthCheckEndpoint: '\n',
    parserAndValidationCache: {
      documentCache: textCache(DOCUMENT_CACHE_SIZE),
      errorCache: textCache(ERROR_CACHE_SIZE),
      // Ours keeps verdicts by the rules themselves, and not by their names.
      validationCache: false,
    },
  }) as unknown as YogaServer;
}

/** Bounded by the text of its keys, so that many large documents don't fill the memory. */
function textCache<Value extends object>(
  maxSize: number,
): { get(key: string): Value | undefined; set(key: string, value: Value): unknown } {
  return new LRUCache<string, Value>({ max: 2_000, maxSize, sizeCalculation: (_value, key) => key.length + 1 });
}
