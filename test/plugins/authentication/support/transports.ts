import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { collect } from '../../../server/support/collect.ts';
import { type ClientTls, send } from '../../../server/support/send.ts';

export interface Credentials {
  /** Of the client, where the gateway speaks TLS. */
  readonly tls?: ClientTls | undefined;
  /** Further headers, made for this one exchange: proofs. */
  readonly prove?: (exchange: { readonly method: string; readonly url: string }) => Promise<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connectionParams?: Readonly<Record<string, unknown>>;
}

/** What a client sees of one operation. */
export interface Seen {
  /** Of HTTP; the code of the close of a WebSocket. */
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: string;
}

export interface TransportCase {
  readonly name: string;
  readonly fastLane: boolean;
  /** What a refusal looks like. */
  readonly refusal: number;
  /** Another query, variables and extensions in place of its own. */
  ask(url: string, credentials: Credentials, query?: string, variables?: object, extensions?: object): Promise<Seen>;
}

const HELLO = '{ hello }';
const TICKS = 'subscription { ticks(to: 2) }';

function overHttp(
  name: string,
  query: string,
  more: Readonly<Record<string, string>>,
  fastLane = false,
): TransportCase {
  return {
    name,
    fastLane,
    refusal: 401,
    async ask(url, credentials, other = query, variables, extensions) {
      const body = JSON.stringify({ query: other, variables, extensions });
      const headers = await headersOf(credentials, { method: 'POST', url });
      const options = { headers: { 'content-type': 'application/json', ...more, ...headers }, body };
      return toSeen(await send(url, { ...options, tls: credentials.tls }));
    },
  };
}

async function headersOf(
  { headers = {}, prove }: Credentials,
  exchange: { readonly method: string; readonly url: string },
): Promise<Readonly<Record<string, string>>> {
  return prove === undefined ? headers : { ...headers, ...(await prove(exchange)) };
}

function toSeen({ status, headers, body }: Awaited<ReturnType<typeof send>>): Seen {
  const challenge = headers['www-authenticate'];
  return { status, body, challenge: typeof challenge === 'string' ? challenge : undefined };
}

function overSocket(name: string, query: string, inHeaders: boolean): TransportCase {
  return {
    name,
    fastLane: true,
    refusal: 4403,
    async ask(url, credentials, other = query, variables, extensions) {
      const headers = await headersOf(credentials, { method: 'GET', url });
      const { connectionParams, tls } = credentials;
      class Socket extends WebSocket {
        constructor(address: string, protocols: string | string[]) {
          super(address, protocols, { ...tls, headers: inHeaders ? headers : {} });
        }
      }
      const client = createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: Socket,
        retryAttempts: 0,
        ...(inHeaders ? {} : { connectionParams: { ...(connectionParams ?? headers) } }),
      });
      const asked = {
        query: other,
        ...(variables === undefined ? {} : { variables: { ...variables } }),
        ...(extensions === undefined ? {} : { extensions: { ...extensions } }),
      };
      try {
        return { status: 200, challenge: undefined, body: JSON.stringify(await collect(client.iterate(asked))) };
      } catch (error) {
        const { code = 200, reason = '' } = error as { readonly code?: number; readonly reason?: string };
        return { status: code, challenge: undefined, body: reason === '' ? JSON.stringify(error) : reason };
      } finally {
        await client.dispose();
      }
    },
  };
}

export const transports: readonly TransportCase[] = [
  overHttp('POST, fast lane', HELLO, {}, true),
  overHttp('POST, Yoga', HELLO, {}),
  {
    name: 'GET',
    fastLane: true,
    refusal: 401,
    async ask(url, credentials, other = HELLO, variables = {}) {
      const search = new URLSearchParams({ query: other, variables: JSON.stringify(variables) });
      const headers = await headersOf(credentials, { method: 'GET', url });
      return toSeen(await send(`${url}?${search}`, { method: 'GET', headers, tls: credentials.tls }));
    },
  },
  overHttp('SSE', TICKS, { accept: 'text/event-stream' }),
  overHttp('multipart', TICKS, { accept: 'multipart/mixed; subscriptionSpec=1.0, application/json' }),
  overHttp('incremental', HELLO, { accept: 'multipart/mixed, application/json' }),
  overSocket('WebSocket, connection_init', TICKS, false),
  overSocket('WebSocket, headers of the upgrade', HELLO, true),
];
