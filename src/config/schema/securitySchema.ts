import * as v from 'valibot';
import { described } from './described.ts';
import { flag, text } from './scalars.ts';
import { strict } from './strict.ts';

/** `true`, an expression, or Cosmo's `{ enabled, condition }`. */
const block = v.pipe(
  v.union([
    v.boolean(),
    text,
    strict({
      enabled: v.optional(described(flag, 'Whether any is refused.'), true),
      condition: v.optional(described(text, 'An expression: refused are those of which it is true.')),
    }),
  ]),
  v.transform((value): boolean | string => {
    if (typeof value === 'object') return value.enabled && (value.condition ?? true);
    return value === 'true' || value === 'false' ? value === 'true' : value;
  }),
);

export const securitySchema = strict({
  block_mutations: v.optional(
    described(block, 'Whether mutations are refused: `true`, or an expression such as `!("write" in caller.scopes)`.'),
    false,
  ),
  block_subscriptions: v.optional(described(block, 'The same for subscriptions.'), false),
});
