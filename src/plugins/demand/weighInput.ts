import type { Costs } from '../../supergraph/Costs.ts';
import type { Weigh } from './Pricing.ts';

/** Fields of an input type, each with the name of its type; undefined for any other type. */
export type InputFields = (type: string) => ((field: string) => string | undefined) | undefined;

/** What a value of this type costs; undefined where that is nothing in any case. An input object costs 1 with what is in it. */
export function weighInput(
  type: string,
  own: number | undefined,
  rules: { readonly costs: Costs; readonly fieldsOf: InputFields },
): Weigh | undefined {
  const { weights } = rules.costs;
  const fields = rules.fieldsOf(type);
  if (fields === undefined) {
    const weight = own ?? weights.get(type) ?? 0;
    return weight === 0
      ? undefined
      : (value) => (value == null ? 0 : weight * (Array.isArray(value) ? value.length : 1));
  }
  const weigh = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weigh(item), 0);
    if (typeof value !== 'object' || value === null) return 0;
    let sum = own ?? weights.get(type) ?? 1;
    for (const [name, item] of Object.entries(value)) {
      const of = fields(name);
      if (of !== undefined) sum += weighInput(of, weights.get(`${type}.${name}`), rules)?.(item) ?? 0;
    }
    return sum;
  };
  return weigh;
}
