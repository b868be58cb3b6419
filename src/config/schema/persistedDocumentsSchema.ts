import * as v from 'valibot';
import { described } from './described.ts';
import { duration, flag, integer, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';

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
        described(v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected a URL.')), 'Where a manifest is fetched.'),
      ),
      headers: v.optional(described(textMap, 'Headers for fetching it.')),
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
);

export interface ManifestInput {
  file?: string | undefined;
  folder?: string | undefined;
  url?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
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
