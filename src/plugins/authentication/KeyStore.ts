import type { Caller } from '../../execute/Source.ts';

/** What is known of an API key. The key itself is nowhere: `hash` is the SHA-256 of it, 64 hexadecimal digits in lower case. */
export interface ApiKey {
  readonly hash: string;
  /** Whose key it is; a consumer may have several. */
  readonly consumer: string;
  readonly plan?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Further facts for expressions, as `caller.claims`. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds since 1970. */
  readonly expires?: number | undefined;
}

/** Where keys are looked up by their hash. */
export interface KeyStore {
  /** Undefined: no such key. Throws a `GatewayError` where that cannot be told at the moment. Without a promise where it is known. */
  find(hash: string): Caller | undefined | Promise<Caller | undefined>;
}

export function keyToCaller({ consumer, plan, scopes = [], attributes = {}, expires }: ApiKey): Caller {
  return Object.freeze({
    key: `api_key:${consumer}`,
    id: consumer,
    method: 'api_key',
    scopes: Object.freeze([...scopes]),
    claims: Object.freeze({ ...attributes }),
    ...(plan === undefined ? {} : { plan }),
    ...(expires === undefined ? {} : { expires }),
  });
}
