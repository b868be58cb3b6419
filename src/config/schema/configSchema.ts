import * as v from 'valibot';
import { accessLogsSchema } from './accessLogsSchema.ts';
import { addressesSchema } from './addressesSchema.ts';
import { authenticationSchema } from './authenticationSchema.ts';
import { authorizationSchema } from './authorizationSchema.ts';
import { demandControlSchema } from './demandControlSchema.ts';
import { described } from './described.ts';
import { resolversSchema, typeDefsSchema } from './gatewaySchema.ts';
import { headersSchema } from './headersSchema.ts';
import { limitsSchema } from './limitsSchema.ts';
import { persistedDocumentsSchema } from './persistedDocumentsSchema.ts';
import { rateLimitSchema } from './rateLimitSchema.ts';
import { redisSchema } from './redisSchema.ts';
import { responseCacheSchema } from './responseCacheSchema.ts';
import { duration, flag, integer, percentage, text } from './scalars.ts';
import { securitySchema } from './securitySchema.ts';
import { strict } from './strict.ts';
import { subgraphAuthenticationSchema, subgraphTlsSchema } from './subgraphCredentialsSchema.ts';
import { namedSubgraphSchema, subgraphSchema, trafficEntries } from './subgraphSchema.ts';
import { telemetrySchema } from './telemetrySchema.ts';
import { threatProtectionSchema } from './threatProtectionSchema.ts';
import { tlsSchema } from './tlsSchema.ts';

const cors = strict({
  origins: described(v.union([v.literal('*'), v.array(text)]), 'The origins that may call, or `*`.'),
  credentials: v.optional(described(flag, 'Whether browsers may send cookies.'), false),
  allow_headers: v.optional(described(v.array(text), 'Request headers that browsers may send.'), []),
  expose_headers: v.optional(described(v.array(text), 'Headers of answers that pages may read.'), []),
  max_age: v.optional(described(integer(0), 'Seconds for which browsers keep the answer of a preflight.')),
});

const MOST_IN_A_BATCH = 10;

const batching = v.pipe(
  v.union([
    flag,
    strict({
      enabled: v.optional(flag, true),
      limit: v.optional(described(integer(1), 'Operations of one request. 10 unless told.'), MOST_IN_A_BATCH),
      mode: v.optional(described(v.literal('batch_http_link'), 'The only one, as Apollo Router has it.')),
    }),
  ]),
  v.transform((value): { limit: number } | false => {
    if (typeof value === 'boolean') return value && { limit: MOST_IN_A_BATCH };
    return value.enabled && { limit: value.limit };
  }),
);

const csrf = strict({
  required_headers: v.optional(
    described(
      v.array(text),
      'With one of these headers, which a page cannot send without a preflight, such a request is accepted.',
    ),
    ['x-graphql-yoga-csrf', 'apollo-require-preflight', 'graphql-require-preflight'],
  ),
});

const overrideRule = v.union([
  flag,
  v.pipe(
    strict({
      header: v.optional(
        described(
          v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'Expected the name of a header.')),
          'Active where the client sends this header.',
        ),
      ),
      equals: v.optional(described(text, 'The value that the header must have; without it any.')),
      percent: v.optional(described(percentage, 'Active for this share of the requests, 0 to 100.')),
    }),
    v.check(
      ({ header, equals, percent }) =>
        percent === undefined ? header !== undefined : header === undefined && equals === undefined,
      'Expected either "header" (and perhaps "equals") or "percent".',
    ),
  ),
]);

const trafficShaping = strict({
  router: v.optional(
    described(
      strict({
        timeout: v.optional(
          described(duration('milliseconds'), 'Until an operation is given up: `60s`, the default, or milliseconds.'),
        ),
        decompression_enabled: v.optional(
          described(
            flag,
            'Whether bodies of requests may be compressed (`gzip`, `deflate`, `br`, `zstd`). True unless told.',
          ),
        ),
        deduplicate_query: v.optional(
          described(flag, 'Whether equal queries of clients that are under way share one answer. True unless told.'),
        ),
      }),
      'Between clients and the gateway.',
    ),
  ),
  all: v.optional(described(strict(trafficEntries), 'For every subgraph.')),
  subgraphs: v.optional(
    described(v.record(v.string(), strict(trafficEntries)), 'By the name of the subgraph; wins over `all`.'),
  ),
});

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** What a user writes. The one definition: validation, the JSON Schema and the reference come from it. */
export const configSchema = strict({
  $schema: v.optional(described(v.string(), 'The JSON Schema for editors; not read by Weft.')),
  host: v.optional(described(text, 'Address to listen on.'), '127.0.0.1'),
  port: v.optional(described(integer(0, 65_535), 'Port to listen on; 0 takes a free one.'), 4000),
  path: v.optional(
    described(
      v.pipe(v.string(), v.regex(/^\/\S*$/, 'Expected a path that starts with "/".')),
      'Path of the GraphQL endpoint.',
    ),
    '/graphql',
  ),
  public_url: v.optional(
    described(
      v.pipe(
        v.string(),
        v.check((url) => isHttpUrl(url), 'Expected a URL such as "https://api.example.com/graphql".'),
      ),
      'The endpoint as clients know it; what proofs (DPoP) have to name. Unless told, what the request was sent to.',
    ),
  ),
  tls: v.optional(described(tlsSchema, 'Serves HTTPS; the files are read again when they change.')),
  supergraph: v.optional(
    described(
      v.union([text, strict({ file: text })]),
      'A finished supergraph SDL file, instead of `subgraphs`; these then only override what it says, by name.',
    ),
  ),
  subgraphs: v.optional(
    described(
      v.union([v.array(subgraphSchema), v.record(v.string(), namedSubgraphSchema)]),
      'The services, as a list or as a map by name; composed to one graph.',
    ),
  ),
  additionalTypeDefs: v.optional(
    described(
      typeDefsSchema,
      'What the gateway itself adds to the graph: SDL, the name of an SDL file (`*.graphql`), a parsed document, or a list of these.',
    ),
  ),
  additionalResolvers: v.optional(
    described(resolversSchema, 'In configuration code: resolvers of these fields, by type and field.'),
  ),
  headers: v.optional(described(headersSchema, 'Headers for all subgraphs.')),
  subgraph_authentication: v.optional(
    described(subgraphAuthenticationSchema, 'What the gateway shows subgraphs of itself: tokens, signatures.'),
  ),
  subgraph_tls: v.optional(described(subgraphTlsSchema, 'Certificates for the connections to subgraphs.')),
  traffic_shaping: v.optional(described(trafficShaping, 'What is shared, and limits for calls to subgraphs.')),
  override_labels: v.optional(
    described(
      v.record(v.string(), overrideRule),
      'When a label of `@override(from:, label:)` is active, by label; `percent(n)` labels need no entry.',
    ),
    {},
  ),
  graphiql: v.optional(described(flag, 'Whether browsers get GraphiQL at `path`.'), true),
  introspection: v.optional(described(flag, 'Whether clients may introspect the schema.'), true),
  expose_plan: v.optional(
    described(flag, 'Whether clients may ask for the plan with the header `weft-plan: 1`.'),
    false,
  ),
  addresses: v.optional(described(addressesSchema, 'Which addresses may ask; behind proxies see `trusted_hops`.')),
  authentication: v.optional(
    described(authenticationSchema, 'Who may ask; left out: everybody, as nobody in particular.'),
  ),
  threat_protection: v.optional(
    described(threatProtectionSchema, 'Patterns of attacks in the values of requests; left out: nobody looks.'),
  ),
  trusted_hops: v.optional(
    described(
      integer(0),
      'Your own proxies in front of the gateway: so many addresses at the end of `X-Forwarded-For` are believed.',
    ),
    0,
  ),
  batching: v.optional(
    described(batching, 'Whether a request may have several operations, as an array: `true`, or a `limit`.'),
    false,
  ),
  cors: v.optional(
    described(v.union([v.literal(false), cors]), 'Which foreign pages may call; `false` for none.'),
    false,
  ),
  csrf: v.optional(
    described(
      v.union([v.literal(false), csrf]),
      'Refuses GET requests from pages of other sites (by the header Sec-Fetch-Site); `false` for none.',
    ),
    {},
  ),
  limits: v.optional(described(limitsSchema, 'What is refused before it costs much.'), {}),
  access_logs: v.optional(described(accessLogsSchema, 'A line for each request; left out: none.')),
  security: v.optional(described(securitySchema, 'Which kinds of operations are refused.')),
  persisted_documents: v.optional(
    described(persistedDocumentsSchema, 'Documents that are known by a hash or a registered name.'),
  ),
  demand_control: v.optional(
    described(demandControlSchema, 'What operations cost, by `@cost` and `@listSize`; left out: not counted.'),
  ),
  authorization: v.optional(described(authorizationSchema, 'Who may read what, as the directives of the schema say.')),
  rate_limit: v.optional(described(rateLimitSchema, 'How much callers may ask for.')),
  redis: v.optional(described(redisSchema, 'What several gateways share: counters of limits, caches, keys.')),
  telemetry: v.optional(described(telemetrySchema, 'What the gateway tells of itself to whoever watches it.'), {}),
  response_cache: v.optional(described(responseCacheSchema, 'What is remembered of answers; left out: nothing.')),
  watch: v.optional(described(flag, 'Whether a changed file is taken over at once.'), false),
  poll_interval: v.optional(
    described(
      duration('seconds'),
      'Between two tries to load a missing subgraph or to introspect one again: `10s` or seconds.',
    ),
    10,
  ),
  state_directory: v.optional(described(text, 'Folder for the last good schemas.'), '.weft'),
  shutdown_timeout: v.optional(
    described(
      duration('milliseconds'),
      'How long a graceful stop waits for requests in flight: `10s` or milliseconds.',
    ),
    '10s',
  ),
});

export type ConfigInput = v.InferInput<typeof configSchema>;
export type ValidConfig = v.InferOutput<typeof configSchema>;
