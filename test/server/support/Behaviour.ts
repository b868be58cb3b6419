import type { SendOptions } from './send.ts';

/** One exchange and what a client must see of it, whichever lane serves it. */
export interface Behaviour {
  readonly name: string;
  readonly request: SendOptions;
  readonly search?: string;
  readonly status: number;
  /** Without it: `application/json; charset=utf-8`. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly data?: unknown;
  readonly code?: string;
  readonly locations?: boolean;
  /** Must not be in the answer. */
  readonly never?: string;
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const RESPONSE_TYPE = 'application/graphql-response+json';
export const STRICT = { ...JSON_TYPE, accept: RESPONSE_TYPE };
export const GUARD = { 'x-weft-csrf': '1' };
export const strictAnswer = { type: `${RESPONSE_TYPE}; charset=utf-8` };

export function post(members: unknown, headers: Readonly<Record<string, string>> = JSON_TYPE): SendOptions {
  return { headers, body: JSON.stringify(members) };
}
