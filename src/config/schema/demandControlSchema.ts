import * as v from 'valibot';
import { described } from './described.ts';
import { flag, integer, text } from './scalars.ts';
import { strict } from './strict.ts';

const max = described(integer(1), 'What one operation may cost.');
const listSize = described(
  integer(0),
  'Items that a list is taken to have where the graph says nothing; 10 unless told.',
);

const settings = strict({
  enabled: v.optional(described(flag, 'Whether costs are counted.'), true),
  mode: v.optional(
    described(v.picklist(['measure', 'enforce']), 'Whether what costs more than `max` is refused, or only counted.'),
    'enforce',
  ),
  max: v.optional(max),
  list_size: v.optional(listSize),
  expose: v.optional(
    described(
      v.union([flag, text]),
      'Whether answers say what they cost, in `extensions.cost`: true, false, or an expression such as `"admin" in caller.scopes`.',
    ),
    false,
  ),
  strategy: v.optional(
    described(
      strict({ static_estimated: strict({ max: v.optional(max), list_size: v.optional(listSize) }) }),
      '`max` and `list_size` as Apollo Router nests them.',
    ),
  ),
});

export const demandControlSchema = v.pipe(
  settings,
  v.check(
    ({ mode, max: most, strategy }) => mode === 'measure' || (most ?? strategy?.static_estimated.max) !== undefined,
    'Expected "max", or "mode: measure".',
  ),
  v.transform(({ strategy, ...rest }) => ({
    ...rest,
    max: rest.max ?? strategy?.static_estimated.max,
    list_size: rest.list_size ?? strategy?.static_estimated.list_size ?? 10,
  })),
);
