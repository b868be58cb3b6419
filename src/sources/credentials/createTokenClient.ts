import type { ClientCredentialsConfig } from '../../config/SubgraphCredentials.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import { isRecord } from '../../lib/isRecord.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';

export interface TokenClient {
  /** Rejects with SUBGRAPH_CREDENTIALS_UNAVAILABLE. */
  token(): string | Promise<string>;
  /** Not this one any more: false where there was a new one just now, and it is refused too. */
  forget(token: string): boolean;
}

export interface TokenClientOptions {
  readonly config: ClientCredentialsConfig;
  readonly subgraph: string;
  readonly http: HttpClient;
  readonly now: () => number;
}

interface Held {
  readonly token: string;
  /** Milliseconds since 1970: from when a new one is fetched behind the back of who asks, and from when it is not used. */
  readonly stale: number;
  readonly ends: number;
}

/** Of the life of a token so much is left when the next one is fetched, at most so many milliseconds. */
const AHEAD = 0.2;
const MOST_AHEAD = 60_000;
/** Where the server does not say how long a token is good. */
const UNTOLD = 60_000;
/** A server that fails is not asked by every request. */
const PAUSE = 1_000;
/** Nor by every request to a subgraph that takes no token at all. */
const RENEWAL_PAUSE = 5_000;

/** Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4): one request at a time, whoever asks, and the next one before the last one ends. */
export function createTokenClient({ config, subgraph, http, now }: TokenClientOptions): TokenClient {
  let held: Held | undefined;
  let renewed = Number.NEGATIVE_INFINITY;
  let underWay: Promise<string> | undefined;
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  const fetchToken = async (): Promise<string> => {
    const { status, body } = await http.request({ ...requestOf(config), subgraph, timeout: config.timeout });
    const asked = now();
    const answer = status === 200 ? parse(body) : undefined;
    const { access_token: token, expires_in: expires, token_type: type } = answer ?? {};
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw refused(subgraph, status, body);
    if (typeof type === 'string' && type.toLowerCase() !== 'bearer')
      throw unavailable(subgraph, 'it gives tokens of another type than Bearer');
    const life = Number(expires) > 0 ? Number(expires) * 1_000 : UNTOLD;
    held = { token, stale: asked + life - Math.min(life * AHEAD, MOST_AHEAD), ends: asked + life };
    return token;
  };
  const start = (): Promise<string> => {
    underWay ??= fetchToken()
      .then((token) => {
        failed = undefined;
        return token;
      })
      .catch((error: unknown) => {
        const told =
          error instanceof GatewayError && error.code === 'SUBGRAPH_CREDENTIALS_UNAVAILABLE'
            ? error
            : unavailable(subgraph, 'it cannot be reached', error);
        failed = { error: told, until: now() + PAUSE };
        throw told;
      })
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  return {
    token() {
      const time = now();
      const isPausing = failed !== undefined && time < failed.until;
      if (held !== undefined && time < held.ends) {
        // What goes wrong here is met once the token has ended.
        if (time >= held.stale && !isPausing) start().catch(() => undefined);
        return held.token;
      }
      return isPausing ? Promise.reject(failed?.error) : start();
    },
    forget(token) {
      if (held !== undefined && held.token !== token) return true;
      if (now() < renewed + RENEWAL_PAUSE) return held === undefined;
      renewed = now();
      held = undefined;
      return true;
    },
  };
}

function requestOf({
  token_url: url,
  client_id: id,
  client_secret: secret,
  scopes,
  audience,
  client_authentication: way,
}: ClientCredentialsConfig) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  if (audience !== undefined) form.set('audience', audience);
  if (way === 'post') {
    form.set('client_id', id);
    form.set('client_secret', secret);
  }
  // RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  const basic = `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
  return {
    url,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(way === 'basic' ? { authorization: basic } : {}),
    },
    body: form.toString(),
    idempotent: true,
  } as const;
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of the answer only its error code is told: the rest could hold anything. */
function refused(subgraph: string, status: number, body: string): GatewayError {
  const code = parse(body)?.['error'];
  const known = typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? ` and "${code}"` : '';
  return unavailable(
    subgraph,
    status === 200 ? 'its answer has no token' : `it answered with the status ${status}${known}`,
  );
}

function unavailable(subgraph: string, why: string, cause?: unknown): GatewayError {
  const message = `Subgraph "${subgraph}" cannot be asked: its token server gives no token, ${why}.`;
  return new GatewayError('SUBGRAPH_CREDENTIALS_UNAVAILABLE', message, { subgraph, cause });
}
