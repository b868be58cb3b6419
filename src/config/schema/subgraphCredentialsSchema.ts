import * as v from 'valibot';
import { isConnectionHeader } from '../../lib/connectionHeaders.ts';
import { described } from './described.ts';
import { duration, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';

const url = v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL such as "https://id.example.com/token".'));
const secret = v.pipe(v.string(), v.minLength(32, 'Expected a secret of at least 32 characters.'));
const headerName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]+$/i, 'Expected the name of a header, of letters, digits and "-".'),
  v.check((name) => !isConnectionHeader(name), 'Expected a header that does not belong to one connection.'),
  v.check((name) => !/^grpc-|-bin$/i.test(name), 'Expected a header that gRPC can send as text.'),
  v.toLowerCase(),
);

export const JWT_ALGORITHMS = ['HS256', 'RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;
export const MESSAGE_ALGORITHMS = [
  'hmac-sha256',
  'ed25519',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
  'rsa-pss-sha512',
] as const;
export const DERIVED = ['method', 'target_uri', 'authority', 'scheme', 'path', 'query'] as const;

const signingKey = v.pipe(
  strict({
    id: described(text, '`kid` of the tokens that it signs.'),
    algorithm: described(v.picklist(JWT_ALGORITHMS), 'HS256 with a `secret`, the others with a `file`.'),
    file: v.optional(described(text, 'A private key as PEM (PKCS #8).')),
    secret: v.optional(described(secret, 'One secret, which the subgraphs have too.')),
  }),
  v.check(
    ({ algorithm, file, secret: own }) =>
      algorithm === 'HS256' ? own !== undefined && file === undefined : file !== undefined && own === undefined,
    'Expected "secret" with HS256, and "file" with every other algorithm.',
  ),
);

const internalJwt = strict({
  issuer: described(text, '`iss`: the gateway, as subgraphs know it.'),
  audience: v.optional(described(text, '`aud`; the name of the subgraph unless told.')),
  ttl: v.optional(described(duration('milliseconds'), 'For which a token is good.'), '60s'),
  header: v.optional(described(headerName, 'The header that carries it.'), 'authorization'),
  value_prefix: v.optional(described(v.string(), 'What stands in front of it there.'), 'Bearer'),
  keys: described(
    v.pipe(
      v.array(signingKey),
      v.minLength(1, 'Expected at least one key.'),
      v.check(
        (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
        'Expected an "id" of its own for each key.',
      ),
    ),
    'The first signs; the public ones of all are published at `jwks_path`, so that keys can be rotated.',
  ),
  claims: v.optional(
    described(
      v.pipe(
        textMap,
        v.check(
          (claims) => !['iss', 'aud', 'exp', 'iat', 'nbf', 'sub', 'scope', 'plan'].some((name) => name in claims),
          'Expected other claims than "iss", "aud", "exp", "iat", "nbf", "sub", "scope" and "plan", which the gateway sets.',
        ),
      ),
      'Further claims by expressions, such as `tenant: caller.claims.tenant`; one that gives nothing is left out.',
    ),
    {},
  ),
});

const oauth2 = strict({
  token_url: described(url, 'The token endpoint.'),
  client_id: described(text, 'The name of the gateway there.'),
  client_secret: described(text, 'Its secret there.'),
  scopes: v.optional(described(v.array(text), 'What is asked for.'), []),
  audience: v.optional(described(text, 'For whom the token shall be, where the server asks for that.')),
  client_authentication: v.optional(
    described(v.picklist(['basic', 'post']), 'Whether name and secret go as `Authorization`, or in the form.'),
    'basic',
  ),
  timeout: v.optional(described(duration('milliseconds'), 'Until the server is given up.'), '5s'),
});

const awsKeys = {
  access_key_id: v.optional(described(text, 'Unless told, `AWS_ACCESS_KEY_ID` of the environment.')),
  secret_access_key: v.optional(described(text, 'Unless told, `AWS_SECRET_ACCESS_KEY` of the environment.')),
  session_token: v.optional(described(text, 'Unless told, `AWS_SESSION_TOKEN` where the keys are of the environment.')),
};
export const awsKeysEntries = awsKeys;

const aws = strict({
  service_name: described(text, 'Such as `lambda`, `appsync`, `execute-api`.'),
  region: described(text, 'Such as `eu-central-1`.'),
  ...awsKeys,
});

const messageSignatures = v.pipe(
  strict({
    key: v.pipe(
      strict({
        id: described(text, '`keyid` of the signatures.'),
        file: v.optional(described(text, 'A private key as PEM (PKCS #8).')),
        secret: v.optional(described(secret, 'One secret, which the subgraphs have too.')),
      }),
      v.check(({ file, secret: own }) => (file === undefined) !== (own === undefined), 'Expected "file" or "secret".'),
    ),
    algorithm: described(v.picklist(MESSAGE_ALGORITHMS), '`hmac-sha256` with a secret, the others with a file.'),
    derived_components: v.optional(
      described(
        v.pipe(v.array(v.picklist(DERIVED)), v.minLength(1, 'Expected at least one component.')),
        'What of the request is signed, beside the digest of its body.',
      ),
      ['method', 'target_uri', 'authority'],
    ),
    headers: v.optional(
      strict({
        include: v.optional(
          described(
            v.array(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/i, 'Expected the name of a header.'), v.toLowerCase())),
            'Headers that are signed where they are sent.',
          ),
          [],
        ),
      }),
      {},
    ),
    expiry: v.optional(described(duration('milliseconds'), 'For which a signature is good.'), '60s'),
  }),
  v.check(
    ({ algorithm, key }) => (algorithm === 'hmac-sha256') === (key.secret !== undefined),
    'Expected "key.secret" with hmac-sha256, and "key.file" with every other algorithm.',
  ),
);

const hmac = strict({
  secret: described(secret, 'One secret, which the subgraphs have too.'),
  extension_name: v.optional(described(text, 'Of the request, where it stands.'), 'hmac-signature'),
});

const off = v.literal(false);

/** Each may be `false`, where `all` has it and this subgraph shall not. */
const authentication = {
  internal_jwt: v.optional(described(v.union([off, internalJwt]), 'A token of the gateway that says who asks.')),
  oauth2: v.optional(described(v.union([off, oauth2]), 'A token by OAuth 2.0 client credentials.')),
  aws_sig_v4: v.optional(described(v.union([off, aws]), 'Requests are signed as AWS asks for (Signature Version 4).')),
  message_signatures: v.optional(
    described(v.union([off, messageSignatures]), 'Requests are signed by RFC 9421, their bodies digested by RFC 9530.'),
  ),
  hmac_signature: v.optional(
    described(v.union([off, hmac]), 'Operations are signed in `extensions` of the request, as Hive Gateway does.'),
  ),
};

export const subgraphAuthenticationEntry = strict(authentication);

const tls = strict({
  certificate_authorities: v.optional(
    described(text, 'A file (PEM) with the authorities that are trusted, instead of those of Node.'),
  ),
  client_authentication: v.optional(
    described(
      strict({
        certificate_chain: described(text, 'A file (PEM) with the certificate, and those up to the authority.'),
        key: described(text, 'A file (PEM) with its private key.'),
      }),
      'The certificate that the gateway shows (mutual TLS).',
    ),
  ),
  server_name: v.optional(
    described(text, 'What the certificate of the subgraph is for, where that is not the host of its url.'),
  ),
});

export const subgraphTlsEntry = tls;

export const subgraphAuthenticationSchema = strict({
  all: v.optional(described(subgraphAuthenticationEntry, 'To every subgraph.')),
  subgraphs: v.optional(
    described(v.record(v.string(), subgraphAuthenticationEntry), 'By the name of the subgraph; each wins over `all`.'),
  ),
  jwks_path: v.optional(
    described(
      v.pipe(v.string(), v.regex(/^\/\S*$/, 'Expected a path that starts with "/".')),
      'Where the public keys of `internal_jwt` are served, such as `/.well-known/jwks.json`; left out: nowhere.',
    ),
  ),
});

export const subgraphTlsSchema = strict({
  all: v.optional(described(subgraphTlsEntry, 'To every subgraph.')),
  subgraphs: v.optional(
    described(v.record(v.string(), subgraphTlsEntry), 'By the name of the subgraph; instead of `all`.'),
  ),
});

export type AuthenticationEntry = v.InferOutput<typeof subgraphAuthenticationEntry>;
export type TlsEntry = v.InferOutput<typeof subgraphTlsEntry>;
