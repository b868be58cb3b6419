import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

/** Integers of 64 bits: JSON numbers lose digits beyond 2^53, so that they are strings. Integers are taken, too, where nothing is lost. */
export const longScalar = new GraphQLScalarType<string, string>({
  name: 'Long',
  description: 'An integer of 64 bits as a decimal string; as input an integer, too.',
  coerceOutputValue: toLong,
  coerceInputValue: toLong,
  coerceInputLiteral: (node) => toLong(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
});

export const dateTimeScalar = textScalar('DateTime', 'An instant as RFC 3339 writes it: `2026-01-31T12:00:00Z`.');
export const dateScalar = textScalar('Date', 'A day: `2026-01-31`.');
export const durationScalar = textScalar('Duration', 'A duration in seconds: `1.5s`.');

export const jsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  coerceOutputValue: (value) => value,
  coerceInputValue: (value) => value,
  coerceInputLiteral: (node) => valueFromASTUntyped(node),
});

function toLong(value: unknown): string {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  const text = typeof value === 'string' ? value : isWhole ? String(value) : '';
  if (!/^-?\d{1,20}$/.test(text)) {
    throw new GraphQLError(`Long cannot represent the value ${JSON.stringify(value)}.`);
  }
  return text;
}

function textScalar(name: string, description: string): GraphQLScalarType<string, string> {
  const check = (value: unknown): string => {
    if (typeof value !== 'string') {
      throw new GraphQLError(`${name} cannot represent the value ${JSON.stringify(value)}.`);
    }
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    coerceOutputValue: check,
    coerceInputValue: check,
    coerceInputLiteral: (node) => check(node.kind === Kind.STRING ? node.value : undefined),
  });
}
