import * as v from 'valibot';
import { ASYMMETRIC } from './algorithms.ts';
import { described } from './described.ts';
import { duration, flag } from './scalars.ts';
import { strict } from './strict.ts';

const dpop = strict({
  required: v.optional(described(flag, 'Whether tokens that are bound to no key are refused.'), false),
  nonce: v.optional(
    described(flag, 'Whether proofs need a nonce of the gateway, which it gives with a refusal.'),
    false,
  ),
  max_age: v.optional(described(duration('seconds'), 'Age past which a proof is refused: `60s` or seconds.'), '60s'),
  algorithms: v.optional(
    described(
      v.pipe(v.array(v.picklist(ASYMMETRIC)), v.minLength(1, 'Expected at least one algorithm.')),
      'Algorithms of proofs that are accepted; unless told all with a public key.',
    ),
    [...ASYMMETRIC],
  ),
});

export const dpopSchema = v.optional(described(dpop, 'Tokens that come with a proof of their key (RFC 9449).'));
