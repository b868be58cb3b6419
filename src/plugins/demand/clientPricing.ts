import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Costs } from '../../supergraph/Costs.ts';
import type { PricedField, Pricing } from './Pricing.ts';
import { type InputFields, weighInput } from './weighInput.ts';

/** The graph as clients see it. */
export function clientPricing(schema: GraphQLSchema, costs: Costs): Pricing {
  const { weights, sizes } = costs;
  const fieldsOf: InputFields = (type) => {
    const input = schema.getType(type);
    if (!isInputObjectType(input)) return undefined;
    const fields = input.getFields();
    return (name) => (fields[name] === undefined ? undefined : getNamedType(fields[name].type).name);
  };
  const weightOf = (type: GraphQLNamedType): number => weights.get(type.name) ?? (isCompositeType(type) ? 1 : 0);
  const priced = (coordinate: string, field: GraphQLField<unknown, unknown>): PricedField => {
    const type = getNamedType(field.type);
    return {
      name: field.name,
      type: type.name,
      weight: weights.get(coordinate) ?? weightOf(type),
      isList: isListType(getNullableType(field.type)),
      size: sizes.get(coordinate),
      defaultOf: (name) => field.args.find((one) => one.name === name)?.default?.literal,
      argument(name) {
        const argument = field.args.find((one) => one.name === name);
        if (argument === undefined) return undefined;
        const of = getNamedType(argument.type).name;
        return weighInput(of, weights.get(`${coordinate}(${name})`), { costs, fieldsOf });
      },
    };
  };
  return {
    root: (kind) => schema.getRootType(kind)?.name,
    type: (name) => schema.getType(name)?.name,
    weightOf(name) {
      const type = schema.getType(name);
      return type === undefined ? 1 : weightOf(type);
    },
    field(name, fieldName) {
      const type = schema.getType(name);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
      return field === undefined ? undefined : priced(`${name}.${fieldName}`, field);
    },
  };
}
