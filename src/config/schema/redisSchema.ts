import * as v from 'valibot';
import { described } from './described.ts';
import { duration, text } from './scalars.ts';
import { strict } from './strict.ts';

const url = v.pipe(
  v.string(),
  v.regex(
    /^rediss?:\/\/[^\s/]+/,
    'Expected a URL such as "redis://127.0.0.1:6379" or "rediss://:password@host:6380/0".',
  ),
);

export const redisSchema = strict({
  url: described(url, '`redis://host:6379`, or `rediss://` for TLS.'),
  namespace: v.optional(described(text, 'What every key starts with.'), 'weft'),
  timeout: v.optional(
    described(duration('milliseconds'), 'Until a command is given up: `500ms` or milliseconds.'),
    '500ms',
  ),
});
