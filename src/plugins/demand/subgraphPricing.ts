import { createNames } from '../../cache/Names.ts';
import type { FieldInfo, Lookup, Supergraph, TypeInfo } from '../../supergraph/Supergraph.ts';
import { namedType } from '../../supergraph/TypeRef.ts';
import type { PricedField, Pricing } from './Pricing.ts';
import { type InputFields, weighInput } from './weighInput.ts';

interface LookupAt {
  /** Undefined on the way to it. */
  readonly lookup: Lookup | undefined;
  readonly place: string;
}

/** One subgraph in its own words: types and fields that are renamed cost what the graph says of them. */
export function subgraphPricing(subgraph: string, supergraph: Supergraph): Pricing {
  const names = createNames(subgraph, supergraph);
  const { costs } = supergraph;
  const { weights, sizes } = costs;
  const lookups = lookupsOf(subgraph, supergraph);
  const fieldsOf: InputFields = (name) => {
    const type = supergraph.types.get(name);
    if (type?.kind !== 'input') return undefined;
    return (field) => {
      const info = type.fields.get(field);
      return info === undefined ? undefined : namedType(info.type);
    };
  };
  const weightOf = (name: string): number => weights.get(name) ?? weightOfKind(supergraph.types.get(name));
  const priced = (type: TypeInfo, field: FieldInfo): PricedField => {
    const coordinate = `${type.name}.${field.name}`;
    const returns = namedType(field.type);
    return {
      name: field.name,
      type: returns,
      weight: weights.get(coordinate) ?? weightOf(returns),
      isList: isList(field),
      size: sizes.get(coordinate),
      argument(name) {
        const ref = field.args.get(name);
        if (ref === undefined) return undefined;
        return weighInput(namedType(ref), weights.get(`${coordinate}(${name})`), { costs, fieldsOf });
      },
    };
  };
  return {
    root: (kind) => names.root(kind)?.name,
    type: (name) => names.type(name)?.name,
    weightOf,
    field(typeName, name) {
      const isQuery = typeName === supergraph.roots.query;
      if (isQuery && name === '_entities') return ENTITIES;
      const type = supergraph.types.get(typeName);
      const field = type === undefined ? undefined : names.field(type, name);
      const known = type === undefined || field === undefined ? undefined : priced(type, field);
      const at = lookups.get(placeOf(isQuery ? '' : typeName, name));
      if (at === undefined) return known;
      if (at.lookup === undefined) return known ?? { ...UNKNOWN, name, type: at.place, weight: 1 };
      const isBatch = at.lookup.kind === 'rootBatch';
      if (known !== undefined) return { ...known, isLookup: isBatch };
      const { type: returns } = at.lookup;
      return { ...UNKNOWN, name, type: returns, weight: weightOf(returns), isList: isBatch, isLookup: isBatch };
    },
  };
}

const UNKNOWN = { isList: false, argument: () => undefined };

const ENTITIES: PricedField = {
  name: '_entities',
  type: '_Entity',
  weight: 1,
  isAny: true,
  isList: true,
  isLookup: true,
  argument: () => undefined,
};

/** Query fields that nothing but the planner calls may not be in the graph. */
function lookupsOf(subgraph: string, { subgraphs, types, roots }: Supergraph): ReadonlyMap<string, LookupAt> {
  const found = new Map<string, LookupAt>();
  const query = types.get(roots.query);
  for (const { id } of subgraphs.filter(({ name }) => name === subgraph))
    for (const type of types.values())
      for (const lookup of type.graphs.get(id)?.lookups ?? []) {
        if (lookup.kind === 'entities') continue;
        const field = lookup.merge?.fieldName ?? '';
        const own = query?.fields.get(field)?.owners.get(id)?.sourceName ?? field;
        let place = '';
        const path = lookup.definition?.path ?? (own === '' ? lookup.path : [own]);
        for (const [index, name] of path.entries()) {
          place = placeOf(place, name);
          found.set(place, { place, lookup: index === path.length - 1 ? lookup : undefined });
        }
      }
  return found;
}

/** No name of a type begins like this. */
function placeOf(above: string, name: string): string {
  return `${above}>${name}`;
}

function weightOfKind(type: TypeInfo | undefined): number {
  return type?.kind === 'object' || type?.kind === 'interface' || type?.kind === 'union' ? 1 : 0;
}

function isList({ type }: FieldInfo): boolean {
  return type.kind === 'list' || (type.kind === 'nonNull' && type.of.kind === 'list');
}
