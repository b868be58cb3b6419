import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { Prover } from './createProver.ts';

const SECRET = 'a secret of at least forty characters, really';

export interface OidcServer extends AsyncDisposable {
  readonly issuer: string;
  readonly secret: string;
  /** By client credentials; `jwt` signed tokens, `opaque` such as only the server can read. */
  token(format: 'jwt' | 'opaque', scope?: string): Promise<string>;
  /** One that is bound to the key of a client. */
  boundToken(format: 'jwt' | 'opaque', client: Prover): Promise<string>;
  revoke(token: string): Promise<void>;
  /** Signs with a new key, and has none of the old ones. */
  rotate(): Promise<void>;
}

/** A real OpenID server on this machine, with one client that may have tokens for the audience `shop`. */
export async function startOidcServer(): Promise<OidcServer> {
  let count = 0;
  let handle: ReturnType<Provider['callback']> | undefined;
  const server = createServer((request, response) => void handle?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rotate = async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    count += 1;
    const key = { ...(await exportJWK(privateKey)), kid: `key-${count}`, alg: 'RS256', use: 'sig' };
    handle = createProvider(issuer, key).callback();
  };
  await rotate();
  const post = (path: string, form: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) =>
    fetch(`${issuer}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`app:${encodeURIComponent(SECRET)}`)}`, ...more },
      body: new URLSearchParams(form),
    });
  const ask = async (form: Readonly<Record<string, string>>, more?: Readonly<Record<string, string>>) => {
    const response = await post('/token', { grant_type: 'client_credentials', ...form }, more);
    const answer = (await response.json()) as { readonly access_token?: string };
    if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
    return answer.access_token;
  };
  return {
    issuer,
    secret: SECRET,
    rotate,
    token: (format, scope = 'read') => ask({ scope, resource: `urn:shop:${format}` }),
    async boundToken(format, client) {
      const proof = await client.prove({ method: 'POST', url: `${issuer}/token`, claims: { ath: undefined } });
      return ask({ scope: 'read', resource: `urn:shop:${format}` }, { dpop: proof });
    },
    async revoke(token) {
      await (await post('/token/revocation', { token })).arrayBuffer();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createProvider(issuer: string, key: object): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'app',
        client_secret: SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [key] },
    ttl: { ClientCredentials: 600 },
    features: {
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:shop:jwt',
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: 'read write',
          audience: 'shop',
          accessTokenTTL: 600,
          accessTokenFormat: resource.endsWith('jwt') ? 'jwt' : 'opaque',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}
