import * as v from 'valibot';
import { described } from './described.ts';
import { flag, integer, text } from './scalars.ts';
import { strict } from './strict.ts';

const max = described(integer(1), 'What one operation may cost.');
const listSize = described(
  integer(0),
  'Items that a list is taken to have where the graph says nothing; 10 unless told.',
);
const actualCostMode = described(
  v.picklist(['by_subgraph', 'by_response_shape']),
  'What the actual cost of an operation is that of: what its subgraphs answered, or what the client is answered; `by_response_shape` unless told.',
);

const ofSubgraph = strict({
  max: v.optional(described(integer(0), 'What one call may cost; more is not asked for, where `mode` is `enforce`.')),
  list_size: v.optional(
    described(integer(0), 'Items that its lists are taken to have; as for operations unless told.'),
  ),
});
const subgraph = strict({
  all: v.optional(described(ofSubgraph, 'For every subgraph.')),
  subgraphs: v.optional(described(v.record(v.string(), ofSubgraph), 'By the name of the subgraph; wins over `all`.')),
});
type SubgraphInput = v.InferOutput<typeof subgraph>;

const settings = strict({
  enabled: v.optional(described(flag, 'Whether costs are counted.'), true),
  mode: v.optional(
    described(
      v.picklist(['measure', 'enforce']),
      'Whether what costs more than `max`, or more than that of its subgraph, is refused, or only counted.',
    ),
    'enforce',
  ),
  max: v.optional(max),
  list_size: v.optional(listSize),
  actual_cost_mode: v.optional(actualCostMode),
  subgraph: v.optional(described(subgraph, 'What holds for each call of a subgraph.')),
  expose: v.optional(
    described(
      v.union([flag, text]),
      'Whether answers say what they cost, in `extensions.cost`: true, false, or an expression such as `"admin" in caller.scopes`.',
    ),
    false,
  ),
  strategy: v.optional(
    described(
      strict({
        static_estimated: strict({
          max: v.optional(max),
          list_size: v.optional(listSize),
          actual_cost_mode: v.optional(actualCostMode),
          subgraph: v.optional(described(subgraph, 'What holds for each call of a subgraph.')),
        }),
      }),
      'The same as Apollo Router nests it.',
    ),
  ),
});

export const demandControlSchema = v.pipe(
  settings,
  v.check(({ enabled, mode, ...rest }) => {
    const { max: most, subgraph: limits } = flattened(rest);
    return !enabled || mode === 'measure' || most !== undefined || hasMax(limits);
  }, 'Expected "max", or "max" of a subgraph, or "mode: measure".'),
  v.transform(({ strategy, ...rest }) => ({ ...rest, ...flattened({ strategy, ...rest }) })),
);

type Nested = Pick<v.InferOutput<typeof settings>, 'max' | 'list_size' | 'actual_cost_mode' | 'subgraph' | 'strategy'>;

/** What is said plainly wins over what is nested. */
function flattened({ strategy, ...own }: Nested) {
  const nested = strategy?.static_estimated ?? {};
  const { all = {}, subgraphs = {} } = own.subgraph ?? nested.subgraph ?? {};
  return {
    max: own.max ?? nested.max,
    list_size: own.list_size ?? nested.list_size ?? 10,
    actual_cost_mode: own.actual_cost_mode ?? nested.actual_cost_mode ?? ('by_response_shape' as const),
    subgraph: { all, subgraphs },
  };
}

function hasMax({ all, subgraphs = {} }: SubgraphInput): boolean {
  return [all, ...Object.values(subgraphs)].some((limits) => limits?.max !== undefined);
}
