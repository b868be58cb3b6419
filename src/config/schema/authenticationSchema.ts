import * as v from 'valibot';
import { ASYMMETRIC, SYMMETRIC } from './algorithms.ts';
import { clientCertificateSchema } from './clientCertificateSchema.ts';
import { described } from './described.ts';
import { dpopSchema } from './dpopSchema.ts';
import { duration, flag, headerName, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';

const withPrefix = {
  value_prefix: v.optional(described(v.string(), 'What stands in front of the value, such as `Bearer`.')),
};
const source = v.variant('type', [
  strict({ type: v.literal('header'), name: headerName, ...withPrefix }),
  strict({ type: v.literal('cookie'), name: text }),
  strict({ type: v.literal('query'), name: text }),
  strict({ type: v.literal('connection_params'), name: text, ...withPrefix }),
]);
const sources = described(
  v.pipe(v.array(source), v.minLength(1, 'Expected at least one source.')),
  'Where they are looked for, in order: `type` is `header`, `cookie`, `query` or `connection_params` (WebSocket).',
);

const bearerSources = v.optional(sources, [
  { type: 'header', name: 'authorization', value_prefix: 'Bearer' },
  { type: 'connection_params', name: 'authorization', value_prefix: 'Bearer' },
]);

const jwks = v.pipe(
  strict({
    url: v.optional(
      described(
        v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL such as "https://id.example.com/jwks.json".')),
        'Where the key set is fetched.',
      ),
    ),
    file: v.optional(described(text, 'A file with the key set.')),
    secret: v.optional(
      described(
        v.pipe(v.string(), v.minLength(32, 'Expected a secret of at least 32 characters.')),
        'One secret for HS256, HS384 and HS512.',
      ),
    ),
    issuers: v.optional(described(v.array(text), 'What `iss` may be; anything where it is left out.')),
    audiences: v.optional(described(v.array(text), '`aud` has to name one of these; anything where it is left out.')),
    algorithms: v.optional(
      described(
        v.pipe(v.array(v.picklist([...ASYMMETRIC, ...SYMMETRIC])), v.minLength(1, 'Expected at least one algorithm.')),
        'Algorithms that are accepted: unless told all with a public key; with `secret` HS256, HS384 and HS512.',
      ),
    ),
    poll_interval: v.optional(described(duration('milliseconds'), 'Age at which the keys are fetched anew.'), '60s'),
    cooldown: v.optional(
      described(duration('milliseconds'), 'Between two fetches for keys that are not known.'),
      '30s',
    ),
    headers: v.optional(described(textMap, 'Headers for fetching the key set.'), {}),
  }),
  v.check(
    ({ url, file, secret }) => [url, file, secret].filter((place) => place !== undefined).length === 1,
    'Expected exactly one of "url", "file" and "secret".',
  ),
  v.check(
    ({ secret, algorithms = [] }) =>
      algorithms.every((name) => (SYMMETRIC as readonly string[]).includes(name) === (secret !== undefined)),
    'Expected HS256, HS384 and HS512 with "secret" only, and the other algorithms without it.',
  ),
  v.transform((entry) => ({
    ...entry,
    algorithms: entry.algorithms ?? (entry.secret === undefined ? [...ASYMMETRIC] : [...SYMMETRIC]),
  })),
);

const jwt = strict({
  jwks: described(
    v.pipe(v.array(jwks), v.minLength(1, 'Expected at least one entry.')),
    'Key sets, each of one issuer or several.',
  ),
  sources: bearerSources,
  clock_tolerance: v.optional(described(duration('seconds'), 'By how much clocks may differ: `5s` or seconds.'), '5s'),
  scope_claim: v.optional(described(text, 'The claim with the scopes; unless told `scope`, or else `scp`.')),
  plan_claim: v.optional(described(text, 'The claim that names the plan.')),
  dpop: dpopSchema,
});

const introspection = strict({
  url: described(
    v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL such as "https://id.example.com/introspect".')),
    'The introspection endpoint (RFC 7662).',
  ),
  client_id: described(text, 'The name of the gateway there.'),
  client_secret: described(text, 'Its secret there.'),
  audiences: v.optional(described(v.array(text), '`aud` has to name one of these; anything where it is left out.')),
  sources: bearerSources,
  cache_ttl: v.optional(
    described(
      duration('milliseconds'),
      'For which an answer holds, and never beyond the end of the token: so long a token that was taken back goes on.',
    ),
    '60s',
  ),
  timeout: v.optional(described(duration('milliseconds'), 'Until an answer is given up.'), '5s'),
  plan_claim: v.optional(described(text, 'The member of the answer that names the plan.')),
  dpop: dpopSchema,
});

const apiKey = strict({
  hash: described(
    v.pipe(
      v.string(),
      v.regex(
        /^(?:sha256:)?[0-9a-fA-F]{64}$/,
        'Expected "sha256:" and 64 hexadecimal digits, as "weft hash" prints them.',
      ),
      v.transform((hash) => hash.replace('sha256:', '').toLowerCase()),
    ),
    'SHA-256 of the key: `sha256:...`, as `weft hash api-key` prints it.',
  ),
  consumer: described(text, 'Whose key it is.'),
  plan: v.optional(described(text, 'The plan whose limits apply.')),
  scopes: v.optional(described(v.array(text), 'What it may, for `@requiresScopes`.')),
  attributes: v.optional(
    described(v.record(v.string(), v.unknown()), 'Further facts, `caller.claims` in expressions.'),
  ),
  expires: v.optional(
    described(
      v.pipe(
        v.union([v.string(), v.date()]),
        v.transform((date) => (typeof date === 'string' ? Date.parse(date) : date.getTime())),
        v.check((time) => !Number.isNaN(time), 'Expected a date such as "2027-01-31" or "2027-01-31T12:00:00Z".'),
      ),
      'When it ends: a date.',
    ),
  ),
});
export const apiKeysListSchema = v.array(apiKey);

const apiKeys = v.pipe(
  strict({
    sources: v.optional(sources, [
      { type: 'header', name: 'x-api-key' },
      { type: 'connection_params', name: 'x-api-key' },
    ]),
    keys: v.optional(described(apiKeysListSchema, 'The keys, by their hashes.'), []),
    file: v.optional(
      described(text, 'A file (YAML or JSON) with such a list; a change is taken over within a second.'),
    ),
    redis: v.optional(
      described(flag, 'Whether keys are looked up in Redis too: JSON under `<namespace>:api-key:<hash>`.'),
      false,
    ),
  }),
  v.check(
    ({ keys, file, redis }) => keys.length > 0 || file !== undefined || redis,
    'Expected "keys", "file" or "redis: true"; got none.',
  ),
);

const basic = strict({
  users: described(
    v.pipe(
      v.array(
        strict({
          name: described(v.pipe(text, v.regex(/^[^:]+$/, 'Expected a name without ":".')), 'The name.'),
          password_hash: described(
            v.pipe(
              v.string(),
              v.regex(
                /^\$pbkdf2-sha256\$\d{1,8}\$[A-Za-z0-9./]{2,}\$[A-Za-z0-9./]{43}$/,
                'Expected "$pbkdf2-sha256$...", as "weft hash password" prints it.',
              ),
            ),
            '`$pbkdf2-sha256$...`, as `weft hash password` prints it.',
          ),
          plan: v.optional(described(text, 'The plan whose limits apply.')),
          scopes: v.optional(described(v.array(text), 'What it may, for `@requiresScopes`.')),
        }),
      ),
      v.minLength(1, 'Expected at least one user.'),
    ),
    'Names and hashes of passwords.',
  ),
});

const forward = strict({
  url: described(
    v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL such as "http://127.0.0.1:9000/auth".')),
    'The service. It is asked by GET: 200 with `{ "id", "scopes", "plan", "claims", "expires" }` is a caller, 401 and 403 are a no.',
  ),
  headers: v.optional(
    described(
      v.pipe(
        v.array(headerName),
        v.minLength(1, 'Expected at least one header.'),
        v.transform((names) => names.map((name) => name.toLowerCase())),
      ),
      'The headers that are handed on to it; credentials are where one of them is.',
    ),
    ['authorization', 'cookie'],
  ),
  cache_ttl: v.optional(
    described(duration('milliseconds'), 'For which an answer holds. Unless told, it is asked each time.'),
  ),
  timeout: v.optional(described(duration('milliseconds'), 'Until an answer is given up.'), '5s'),
});

export const METHODS = ['jwt', 'introspection', 'api_keys', 'basic', 'forward', 'client_certificate'] as const;

/** What can be bound to a certificate. */
const TOKENS = ['jwt', 'introspection'] as const;

export const authenticationSchema = v.pipe(
  strict({
    anonymous: v.optional(
      described(flag, 'Whether a request without credentials passes, as nobody in particular. Wrong ones never do.'),
      false,
    ),
    mode: v.optional(
      described(v.picklist(['any', 'all']), 'Whether one of the methods is enough, or all are needed.'),
      'any',
    ),
    order: v.optional(
      described(
        v.array(v.picklist(METHODS)),
        'In which the methods are asked; unless told `jwt`, `introspection`, `api_keys`, `basic`, `forward`, `client_certificate`.',
      ),
      [...METHODS],
    ),
    jwt: v.optional(described(jwt, 'Bearer tokens that are JWTs.')),
    introspection: v.optional(described(introspection, 'Bearer tokens that their issuer is asked about.')),
    api_keys: v.optional(described(apiKeys, 'API keys.')),
    basic: v.optional(described(basic, 'Names and passwords.')),
    forward: v.optional(described(forward, 'A service of your own that knows who asks.')),
    client_certificate: v.optional(described(clientCertificateSchema, 'Certificates of clients (mutual TLS).')),
  }),
  v.check(
    (methods) => METHODS.some((name) => methods[name] !== undefined),
    'Expected at least one of "jwt", "introspection", "api_keys", "basic", "forward" and "client_certificate".',
  ),
  v.check(
    ({ client_certificate: certificate, ...methods }) =>
      certificate?.alone !== false || TOKENS.some((name) => methods[name] !== undefined),
    'Expected "jwt" or "introspection" beside "client_certificate" with "alone: false".',
  ),
  v.check(
    (methods) => METHODS.every((name) => methods[name] === undefined || methods.order.includes(name)),
    'Expected every method that is configured in "order".',
  ),
);
export type AuthenticationOutput = v.InferOutput<typeof authenticationSchema>;
