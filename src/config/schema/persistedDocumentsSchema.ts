import * as v from 'valibot';
import { described } from './described.ts';
import { duration, flag, integer, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';
import { awsKeysEntries } from './subgraphCredentialsSchema.ts';

const apq = strict({
  max_size: v.optional(described(integer(1), 'Characters of the texts that a process remembers.'), 16_777_216),
  redis: v.optional(described(flag, 'Whether gateways share them in Redis.'), false),
  ttl: v.optional(described(duration('milliseconds'), 'For which Redis keeps one: `24h`.'), '24h'),
});

const manifest = v.pipe(
  v.union([
    v.pipe(
      text,
      v.transform((file) => ({ file })),
    ),
    strict({
      file: v.optional(described(text, "A manifest: Apollo's, or a map from names to texts (Relay, graphql-codegen).")),
      folder: v.optional(
        described(text, 'A folder: `*.graphql`, named by the SHA-256 of their text; `<name>.json` with `body`.'),
      ),
      url: v.optional(
        described(
          v.pipe(v.string(), v.regex(/^(?:https?|s3):\/\/\S+$/, 'Expected a URL, or "s3://bucket/key".')),
          'Where a manifest is fetched: `https://...`, or `s3://bucket/key` of a store that speaks S3.',
        ),
      ),
      headers: v.optional(described(textMap, 'Headers for fetching it.')),
      endpoint: v.optional(
        described(
          v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL such as "https://minio.example.com".')),
          'Of `s3://`: the store, where it is not that of AWS.',
        ),
      ),
      region: v.optional(described(text, 'Of `s3://`; `us-east-1` unless told.')),
      ...awsKeysEntries,
      poll_interval: v.optional(described(duration('milliseconds'), 'Between two looks at it. `60s` unless told.')),
    }),
  ]),
  v.transform(({ headers = {}, poll_interval = 60_000, ...place }: ManifestInput) => ({
    ...place,
    headers,
    poll_interval,
  })),
  v.check(
    ({ file, folder, url }) => [file, folder, url].filter((place) => place !== undefined).length === 1,
    'Expected exactly one of "file", "folder" and "url".',
  ),
  v.check(
    ({ url, endpoint, region, access_key_id: key }) =>
      url?.startsWith('s3://') === true || [endpoint, region, key].every((setting) => setting === undefined),
    'Expected "endpoint", "region" and keys beside a "url" that starts with "s3://" only.',
  ),
  v.check(
    ({ url }) => url?.startsWith('s3://') !== true || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/./.test(url),
    'Expected "s3://", the name of a bucket, "/" and a key.',
  ),
);

export interface ManifestInput {
  file?: string | undefined;
  folder?: string | undefined;
  url?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  endpoint?: string | undefined;
  region?: string | undefined;
  access_key_id?: string | undefined;
  secret_access_key?: string | undefined;
  session_token?: string | undefined;
  poll_interval?: number | undefined;
}

export const persistedDocumentsSchema = v.pipe(
  strict({
    apq: v.optional(
      described(
        v.union([flag, apq]),
        'Automatic persisted queries: a client sends a text once, its hash from then on.',
      ),
      false,
    ),
    manifests: v.optional(described(v.array(manifest), 'Registered documents: files, or places.'), []),
    safelist: v.optional(described(flag, 'Whether only registered documents are accepted.'), false),
    require_id: v.optional(described(flag, 'Whether these are accepted by their names only.'), false),
    warm_up: v.optional(
      described(
        flag,
        'Whether registered documents are planned before the gateway listens, and again for each new graph.',
      ),
      true,
    ),
    allow: v.optional(
      described(
        text,
        'Who may ask what is not registered all the same: an expression such as `"admin" in caller.scopes`.',
      ),
    ),
  }),
  v.check(
    ({ safelist, require_id: id, manifests }) => !(safelist || id) || manifests.length > 0,
    'Expected "manifests" beside "safelist" or "require_id": without them nothing would be accepted.',
  ),
  v.check(
    ({ safelist, require_id: id, apq: automatic }) => !(safelist || id) || automatic === false,
    'Expected "safelist" or "require_id" without "apq": by it clients register documents by themselves.',
  ),
  v.transform(({ apq: automatic, ...rest }) => ({
    ...rest,
    ...(automatic === false
      ? {}
      : { apq: automatic === true ? { max_size: 16_777_216, redis: false, ttl: 86_400_000 } : automatic }),
  })),
);
