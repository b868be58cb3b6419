import type { JWTPayload } from 'jose';
import { createProver, type ProofOptions, type Prover } from './createProver.ts';
import type { Issuer } from './startIssuer.ts';
import type { Credentials } from './transports.ts';

let own: Promise<Prover> | undefined;
let foreign: Promise<Prover> | undefined;
const client = (): Promise<Prover> => {
  own ??= createProver();
  return own;
};
const thief = (): Promise<Prover> => {
  foreign ??= createProver();
  return foreign;
};

interface Case {
  readonly by?: () => Promise<Prover>;
  readonly claims?: (exchange: { readonly method: string; readonly url: string }) => Readonly<Record<string, unknown>>;
  readonly header?: () => Promise<Readonly<Record<string, unknown>>>;
  readonly token?: JWTPayload | ((jkt: string) => JWTPayload);
  readonly scheme?: string;
  /** What is sent of a right proof. */
  readonly change?: (proof: string) => string | undefined;
}

/** A token that is bound to the key of `client`, with a proof that is right but for the case. */
function sent({ by = client, claims, header, token, scheme = 'DPoP', change = (proof) => proof }: Case) {
  return async (issuer: Issuer): Promise<Credentials> => {
    const { jkt } = await client();
    const bound = await issuer.sign({ cnf: { jkt }, ...(typeof token === 'function' ? token(jkt) : token) });
    return {
      async prove(exchange) {
        const options: ProofOptions = {
          ...exchange,
          token: bound,
          ...(claims === undefined ? {} : { claims: claims(exchange) }),
          ...(header === undefined ? {} : { header: await header() }),
        };
        const proof = change(await (await by()).prove(options));
        return { authorization: `${scheme} ${bound}`, ...(proof === undefined ? {} : { dpop: proof }) };
      },
    };
  };
}

const seconds = () => Math.floor(Date.now() / 1_000);
const spoilt = (proof: string): string =>
  `${proof.slice(0, -8)}${proof.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`;
const used = 'a jti that is used again';

/** Tokens with a proof of their key (RFC 9449, 4.3): one that is right, and the ways in which others are wrong. */
export const dpop = {
  name: 'dpop',
  challenge: /DPoP realm="weft", algs="ES256 EdDSA"/,
  config: (issuer: Issuer) => ({
    jwt: {
      jwks: [{ url: issuer.jwksUrl, issuers: [issuer.name], audiences: ['shop'] }],
      dpop: { algorithms: ['ES256', 'EdDSA'] },
    },
  }),
  good: sent({}),
  bad: {
    missing: (): Credentials => ({}),
    'without a proof': sent({ change: () => undefined }),
    'as a bearer token': sent({ scheme: 'Bearer', change: () => undefined }),
    'as a bearer token with its proof': sent({ scheme: 'Bearer' }),
    'with two proofs': sent({ change: (proof) => `${proof}, ${proof}` }),
    'with something that is no proof': sent({ change: () => 'nonsense' }),
    'with an enormous proof': sent({ claims: () => ({ more: 'x'.repeat(9_000) }) }),
    'with a proof of another key': sent({ by: thief }),
    'with a proof whose signature is wrong': sent({ change: spoilt }),
    'with the key of the client over the signature of another': sent({
      by: thief,
      header: async () => ({ jwk: (await client()).publicJwk }),
    }),
    'with its private key in the proof': sent({ header: async () => ({ jwk: (await client()).privateJwk }) }),
    'with no key in the proof': sent({ header: async () => ({ jwk: undefined }) }),
    'with a secret as the key': sent({ header: async () => ({ jwk: { kty: 'oct', k: 'AAAA' } }) }),
    'with a proof of another type': sent({ header: async () => ({ typ: 'JWT' }) }),
    'with a proof without a type': sent({ header: async () => ({ typ: undefined }) }),
    'with the algorithm none': sent({
      change: (proof) => {
        const [header = '', payload] = proof.split('.');
        const parsed = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
        return `${Buffer.from(JSON.stringify({ ...parsed, alg: 'none' })).toString('base64url')}.${payload}.`;
      },
    }),
    'for another method': sent({ claims: ({ method }) => ({ htm: method === 'GET' ? 'POST' : 'GET' }) }),
    'for a method in another case': sent({ claims: ({ method }) => ({ htm: method.toLowerCase() }) }),
    'for another host': sent({ claims: () => ({ htu: 'http://other.example/graphql' }) }),
    'for another scheme': sent({ claims: ({ url }) => ({ htu: url.replace('http:', 'https:') }) }),
    'for another port': sent({ claims: () => ({ htu: 'http://127.0.0.1:1/graphql' }) }),
    'for another path': sent({ claims: ({ url }) => ({ htu: url.replace('/graphql', '/graphql/') }) }),
    'for no address': sent({ claims: () => ({ htu: '/graphql' }) }),
    'for an address with a name in it': sent({ claims: ({ url }) => ({ htu: url.replace('://', '://ann@') }) }),
    'for another token': sent({ claims: () => ({ ath: 'AAAA' }) }),
    'for no token': sent({ claims: () => ({ ath: undefined }) }),
    'that is old': sent({ claims: () => ({ iat: seconds() - 70 }) }),
    'of the future': sent({ claims: () => ({ iat: seconds() + 30 }) }),
    'without a time': sent({ claims: () => ({ iat: undefined }) }),
    'without an identifier': sent({ claims: () => ({ jti: undefined }) }),
    'with an empty identifier': sent({ claims: () => ({ jti: '' }) }),
    'with an enormous identifier': sent({ claims: () => ({ jti: 'x'.repeat(300) }) }),
    'used before': async (issuer: Issuer): Promise<Credentials> => {
      const again = sent({ claims: ({ method, url }) => ({ jti: `${used} ${method} ${url}` }) });
      const { prove } = await again(issuer);
      return {
        async prove(exchange) {
          const headers = (await prove?.(exchange)) ?? {};
          const search = exchange.method === 'GET' ? '?query=%7Bhello%7D' : '';
          const body = exchange.method === 'GET' ? {} : { body: '{"query":"{ hello }"}' };
          const init = {
            method: exchange.method,
            headers: { 'content-type': 'application/json', ...headers },
            ...body,
          };
          const first = await fetch(`${exchange.url}${search}`, init);
          if (first.status !== 200) throw new Error(`The first use was refused: ${await first.text()}`);
          return headers;
        },
      };
    },
    'whose token is bound to no key': sent({ token: { cnf: undefined } as JWTPayload }),
    'whose token is bound to another key': sent({ token: { cnf: { jkt: 'AAAA' } } }),
    'whose token has expired': sent({ token: { exp: seconds() - 60 } }),
    'whose token is bound to a certificate, too': sent({ token: (jkt) => ({ cnf: { jkt, 'x5t#S256': 'AAAA' } }) }),
  },
};
