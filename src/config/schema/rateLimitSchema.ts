import * as v from 'valibot';
import { described } from './described.ts';
import { duration, flag, integer, text } from './scalars.ts';
import { strict } from './strict.ts';

/** It goes into headers as it is. */
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.-]{1,64}$/, 'Expected a name of letters, digits, "_", "." and "-".'),
);

const window = v.pipe(
  duration('milliseconds'),
  v.check((value) => Number.isInteger(value), 'Expected whole milliseconds.'),
);

const quota = strict({
  day: v.optional(described(integer(1), 'From midnight to midnight, UTC.')),
  month: v.optional(described(integer(1), 'From the first of a month, UTC.')),
});

const rateEntries = {
  rate: v.optional(described(integer(1), 'How many in each `window`; they come back evenly.')),
  window: v.optional(described(window, 'What `rate` is for: `1s`, `1m`, `1h` or milliseconds.')),
  burst: v.optional(described(integer(1), 'How many at once after a rest; as many as `rate` unless told.')),
  quota: v.optional(described(quota, 'How many in a calendar day and month.')),
};

const limitEntries = {
  ...rateEntries,
  concurrency: v.optional(described(integer(1), 'How many operations at a time; a subscription is one until it ends.')),
};

interface Rate {
  readonly rate?: number | undefined;
  readonly window?: number | undefined;
  readonly burst?: number | undefined;
}

const isWhole = ({ rate, window: span, burst }: Rate) =>
  (rate === undefined) === (span === undefined) && (burst === undefined || rate !== undefined);
const WHOLE = 'Expected "rate" and "window" together, and "burst" beside them.';

/** What is counted are units times milliseconds. */
const isExact = ({ rate = 0, window: span = 0, burst = rate }: Rate) =>
  Math.max(rate, burst) * span <= Number.MAX_SAFE_INTEGER;
const EXACT = 'Expected a smaller "burst" or "window"; so many cannot be counted exactly.';

const keys = v.union([text, v.array(text)]);
const KEYS =
  '`caller` (anonymous ones by address), `address`, `plan`, `operation`, `all`, an expression that gives a text, or a list of these for each combination.';

/** Alone, `caller` is the address where nobody is known. */
const speaksOfLater = (sources: readonly string[]) =>
  sources.some((source) => source === 'plan' || (source !== 'caller' && /\b(?:caller|operation|args)\b/.test(source)));

interface Limits extends Rate {
  readonly quota?: { readonly day?: number | undefined; readonly month?: number | undefined } | undefined;
  readonly concurrency?: number | undefined;
}

const isLimit = ({ rate, quota: calendar, concurrency }: Limits) =>
  rate !== undefined || calendar?.day !== undefined || calendar?.month !== undefined || concurrency !== undefined;
const LIMIT = 'Expected a limit: "rate" with "window", "quota" or "concurrency".';

const rule = v.pipe(
  strict({
    name: described(name, 'What clients are told in `RateLimit` and errors; counters go by it.'),
    key: v.optional(described(keys, `Who shares a counter: ${KEYS}`), 'caller'),
    when: v.optional(described(text, 'An expression: the rule is for requests of which it is true.')),
    fields: v.optional(
      described(
        v.array(
          v.pipe(v.string(), v.regex(/^[_A-Za-z]\w*\.[_A-Za-z]\w*$/, 'Expected a field such as "Query.search".')),
        ),
        'For these fields (`Query.search`) and not for whole operations: past it the field is null, with an error; `args` of an expression are its arguments.',
      ),
      [],
    ),
    count: v.optional(
      described(v.picklist(['requests', 'cost']), 'What is counted: operations, or what they cost.'),
      'requests',
    ),
    on: v.optional(
      described(
        v.picklist(['requests', 'failed_authentication']),
        'What is counted by the rule: every request, or those whose credentials were wrong; past it nobody looks at credentials any more.',
      ),
      'requests',
    ),
    ...limitEntries,
  }),
  v.check((limits) => isWhole(limits), WHOLE),
  v.check((limits) => isExact(limits), EXACT),
  v.check((limits) => isLimit(limits), LIMIT),
  v.check(
    ({ on, fields, count, concurrency }) =>
      on === 'requests' || (fields.length === 0 && count === 'requests' && concurrency === undefined),
    'Expected a "rate" or "quota" by requests, and no "fields", beside "on: failed_authentication".',
  ),
  v.check(
    ({ on, key, when }) => on === 'requests' || !speaksOfLater([...[key].flat(), when ?? '']),
    'Expected a "key" and a "when" that speak of addresses and headers only beside "on: failed_authentication"; who asks, and for what, is not known then.',
  ),
  v.check(
    ({ fields, count, concurrency }) => fields.length === 0 || (count === 'requests' && concurrency === undefined),
    'Expected a "rate" or "quota" by requests for fields; cost and concurrency are of whole operations.',
  ),
);

const subgraph = v.pipe(
  strict({
    key: v.optional(described(keys, 'Who shares a counter, as for rules.'), 'all'),
    ...limitEntries,
  }),
  v.check((limits) => isWhole(limits), WHOLE),
  v.check((limits) => isExact(limits), EXACT),
  v.check((limits) => isLimit(limits), LIMIT),
);

const plan = v.pipe(
  strict({
    ...limitEntries,
    cost: v.optional(
      described(
        v.pipe(
          strict(rateEntries),
          v.check((limits) => isWhole(limits), WHOLE),
          v.check((limits) => isExact(limits), EXACT),
        ),
        'The same for what operations cost.',
      ),
    ),
  }),
  v.check((limits) => isWhole(limits), WHOLE),
  v.check((limits) => isExact(limits), EXACT),
);

export const rateLimitSchema = strict({
  rules: v.optional(described(v.array(rule), 'A request must fit all of those that are for it.'), []),
  plans: v.optional(described(v.record(name, plan), 'Limits of each caller, by the name of its plan.'), {}),
  subgraphs: v.optional(
    described(
      v.record(v.string(), subgraph),
      'Of the calls of a subgraph, by its name: past it only what that subgraph would give is refused.',
    ),
    {},
  ),
  plan: v.optional(
    described(text, "An expression that gives the name of a request's plan; unless told, the plan of its caller."),
  ),
  default_plan: v.optional(
    described(
      text,
      'The plan of those who have none, or one that is not in `plans`; without it they have no limits of a plan.',
    ),
  ),
  store: v.optional(
    described(v.picklist(['memory', 'redis']), 'Where it is counted; `redis` where there is a section `redis`.'),
  ),
  on_store_failure: v.optional(
    described(
      v.picklist(['open', 'closed']),
      'While Redis is away: `open` counts in each process alone, `closed` refuses.',
    ),
    'open',
  ),
  headers: v.optional(described(flag, 'Whether answers tell by `RateLimit` and `RateLimit-Policy`.'), true),
  max_keys: v.optional(
    described(integer(1, 10_000_000), 'Counters kept in memory; past it the ones least used are forgotten.'),
    100_000,
  ),
});
