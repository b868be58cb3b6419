import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export interface Issuer extends AsyncDisposable {
  readonly name: string;
  readonly jwksUrl: string;
  /** Fetches of the key set so far. */
  readonly fetches: number;
  /** The public key, as a forger can have it. */
  readonly publicJwk: JWK;
  sign(claims?: JWTPayload, header?: { readonly alg?: string; readonly kid?: string }): Promise<string>;
  /** New tokens are signed by another key; the old one is no longer in the set where `forget`. */
  rotate(forget: boolean): Promise<void>;
  /** The key set cannot be had from now on. */
  fail(failing: boolean): void;
}

/** Signs tokens and serves its keys over HTTP. */
export async function startIssuer(alg = 'RS256'): Promise<Issuer> {
  let count = 0;
  let fetches = 0;
  let failing = false;
  let keys: JWK[] = [];
  const makeKey = async (): Promise<{ pair: KeyPair; jwk: JWK }> => {
    const pair = await generateKeyPair(alg, { extractable: true });
    count += 1;
    return { pair, jwk: { ...(await exportJWK(pair.publicKey)), kid: `k${count}`, alg, use: 'sig' } };
  };
  let current = await makeKey();
  keys = [current.jwk];
  const server = createServer((_request, response) => {
    fetches += 1;
    response.statusCode = failing ? 500 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    name: origin,
    jwksUrl: `${origin}/jwks`,
    get fetches() {
      return fetches;
    },
    get publicJwk() {
      return current.jwk;
    },
    sign(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const payload = { iss: origin, aud: 'shop', sub: 'ann', iat: now, exp: now + 300, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg, kid: current.jwk.kid ?? '', ...header })
        .sign(current.pair.privateKey);
    },
    async rotate(forget) {
      current = await makeKey();
      keys = forget ? [current.jwk] : [...keys, current.jwk];
    },
    fail(next) {
      failing = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
