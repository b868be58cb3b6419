import * as v from 'valibot';
import { described } from './described.ts';
import { address, duration, flag, integer, text } from './scalars.ts';
import { strict } from './strict.ts';

const settings = {
  enabled: v.optional(described(flag, 'Whether parts of this subgraph are remembered. True unless told.')),
  ttl: v.optional(
    described(
      duration('milliseconds'),
      'How long, where neither the reply nor the graph says so: `60s` or milliseconds. Left out: then nothing is remembered.',
    ),
  ),
  negative_ttl: v.optional(
    described(
      duration('milliseconds'),
      'How long at most for what is not there (null). Left out: that is not remembered.',
    ),
  ),
  scope: v.optional(
    described(
      v.picklist(['visible', 'public']),
      '`visible`: parts are for those who look the same to the subgraph, by the headers that it is sent; `public`: for everybody, but those that are private. `visible` unless told.',
    ),
  ),
  private_id: v.optional(
    described(text, 'Whose a private part is: an expression that gives a text, such as `caller.id`.'),
  ),
};

const subgraph = strict({
  all: v.optional(described(strict(settings), 'For every subgraph.'), {}),
  subgraphs: v.optional(
    described(v.record(v.string(), strict(settings)), 'By the name of the subgraph; wins over `all`.'),
    {},
  ),
});

const invalidation = strict({
  on_mutation: v.optional(
    described(flag, 'Whether a mutation invalidates the entities and types that its answer names.'),
    true,
  ),
  listen: v.optional(
    described(address, 'Address of the endpoint for invalidation, apart from that for clients.'),
    '127.0.0.1:4009',
  ),
  path: v.optional(
    described(v.pipe(v.string(), v.regex(/^\/\S*$/, 'Expected a path that starts with "/".')), 'Its path.'),
    '/invalidation',
  ),
  shared_key: v.optional(
    described(
      v.pipe(v.string(), v.minLength(8, 'Expected a secret of at least 8 characters.')),
      'The secret that callers send as `Authorization`. Left out: there is no endpoint.',
    ),
  ),
});

export const responseCacheSchema = strict({
  enabled: v.optional(described(flag, 'Whether anything is remembered.'), true),
  max_size: v.optional(
    described(integer(1), 'Bytes for what is remembered in the process; half of them for whole answers.'),
    67_108_864,
  ),
  redis: v.optional(described(flag, 'Whether parts are shared with other gateways over `redis`.'), false),
  whole_operations: v.optional(
    described(flag, 'Whether whole answers are remembered beside their parts, in the process.'),
    true,
  ),
  headers: v.optional(
    described(flag, 'Whether answers have `Cache-Control`, `Age`, `Cache-Status`, and to GET `ETag`.'),
    true,
  ),
  cdn_cache_control: v.optional(described(flag, 'Whether answers for everybody also have `CDN-Cache-Control`.'), false),
  subgraph: v.optional(described(subgraph, 'What holds for subgraphs.'), {}),
  invalidation: v.optional(described(invalidation, 'How what is remembered is forgotten before its time.'), {}),
});
