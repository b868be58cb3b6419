import * as v from 'valibot';
import { described } from './described.ts';
import { address, flag } from './scalars.ts';
import { strict } from './strict.ts';

const prometheus = strict({
  enabled: v.optional(described(flag, 'Whether there is an endpoint for Prometheus.'), false),
  listen: v.optional(described(address, 'Its address, apart from that for clients.'), '127.0.0.1:9090'),
  path: v.optional(
    described(v.pipe(v.string(), v.regex(/^\/\S*$/, 'Expected a path that starts with "/".')), 'Its path.'),
    '/metrics',
  ),
});

/** Nested as Apollo Router has it. */
export const telemetrySchema = strict({
  exporters: v.optional(
    strict({
      metrics: v.optional(
        strict({
          prometheus: v.optional(
            described(prometheus, 'What the gateway counts, in the text format of Prometheus.'),
            {},
          ),
        }),
        {},
      ),
    }),
    {},
  ),
});
