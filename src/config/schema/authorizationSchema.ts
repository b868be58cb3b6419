import * as v from 'valibot';
import { described } from './described.ts';
import { duration, flag, text, textMap } from './scalars.ts';
import { strict } from './strict.ts';

const directives = v.pipe(
  strict({
    unauthorized: v.optional(
      described(
        strict({
          mode: v.optional(
            described(
              v.picklist(['filter', 'reject']),
              '`filter`: what the caller may not read is null, each with its error. `reject`: such an operation is refused as a whole. `filter` unless told.',
            ),
          ),
        }),
        'What happens where the caller may not read something.',
      ),
    ),
    reject_unauthorized: v.optional(
      described(flag, 'The same in the words of Apollo Router: `true` is the mode `reject`.'),
    ),
    dry_run: v.optional(
      described(flag, 'Whether nothing is denied, and the log says what would be: to try directives out.'),
      false,
    ),
    introspection: v.optional(
      described(
        v.picklist(['full', 'allowed']),
        '`allowed`: introspection shows a caller only what he may read, and errors suggest no names. `full` unless told.',
      ),
      'full',
    ),
  }),
  v.check(
    ({ unauthorized, reject_unauthorized }) => unauthorized?.mode === undefined || reject_unauthorized === undefined,
    'Expected either "unauthorized.mode" or "reject_unauthorized".',
  ),
);

const policyService = strict({
  url: described(
    v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/, 'Expected an http(s) URL.')),
    'Is sent `{ "input": { "policies", "caller", "operation" } }` by POST and answers `{ "result": { "<policy>": true } }`, as OPA does.',
  ),
  headers: v.optional(described(textMap, 'Headers for it.'), {}),
  timeout: v.optional(
    described(duration('milliseconds'), 'Until it is given up, and none of its policies is met: `1s` or milliseconds.'),
    '1s',
  ),
  cache: v.optional(
    described(
      duration('milliseconds'),
      'For how long the answer to an equal question is kept. Not at all unless told.',
    ),
  ),
});

export const authorizationSchema = strict({
  directives: v.optional(
    described(directives, 'Of `@authenticated`, `@requiresScopes` and `@policy`; they always hold.'),
    {},
  ),
  policies: v.optional(
    described(
      v.record(v.string(), text),
      'Expressions (CEL) by the names in `@policy`, such as `caller != null && "admin" in caller.scopes`.',
    ),
    {},
  ),
  policy_service: v.optional(
    described(policyService, 'Decides on the policies that have neither an expression nor code.'),
  ),
});
