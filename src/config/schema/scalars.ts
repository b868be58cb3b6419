/** The scalars of the configuration. Numbers and booleans may come as text, because `${env.NAME}` yields text. */
import * as v from 'valibot';
import { parseDuration } from '../../lib/parseDuration.ts';
import { showValue } from '../showValue.ts';

export const text = v.pipe(v.string(), v.nonEmpty('Expected a text that is not empty.'));

export const headerName = v.pipe(v.string(), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'Expected the name of a header.'));

export const textMap = v.record(v.string(), v.string());

/** `unit` in milliseconds: what a bare number counts, and what the result is in. */
export function duration(unit: 'milliseconds' | 'seconds') {
  const divisor = unit === 'seconds' ? 1_000 : 1;
  return v.pipe(
    v.union([v.number(), v.string()]),
    v.rawTransform<number | string, number>(({ dataset, addIssue, NEVER }) => {
      const value = dataset.value;
      const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
      const amount = parsed === undefined ? toNumber(value) : parsed / divisor;
      if (amount > 0 && Number.isFinite(amount)) return amount;
      addIssue({
        message: `Expected a duration such as "30s", "500ms" or a number of ${unit}; got ${showValue(value)}.`,
      });
      return NEVER;
    }),
  );
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return v.pipe(
    v.union([v.number(), v.string()]),
    v.rawTransform<number | string, number>(({ dataset, addIssue, NEVER }) => {
      const amount = toNumber(dataset.value);
      if (Number.isInteger(amount) && amount >= minimum && amount <= maximum) return amount;
      addIssue({ message: `Expected an integer ${range}; got ${showValue(dataset.value)}.` });
      return NEVER;
    }),
  );
}

export const percentage = v.pipe(
  v.union([v.number(), v.string()]),
  v.rawTransform<number | string, number>(({ dataset, addIssue, NEVER }) => {
    const amount = toNumber(dataset.value);
    if (amount >= 0 && amount <= 100) return amount;
    addIssue({ message: `Expected a number from 0 to 100; got ${showValue(dataset.value)}.` });
    return NEVER;
  }),
);

export const flag = v.pipe(
  v.union([v.boolean(), v.string()]),
  v.rawTransform<boolean | string, boolean>(({ dataset, addIssue, NEVER }) => {
    const value = dataset.value;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    addIssue({ message: `Expected true or false; got ${showValue(value)}.` });
    return NEVER;
  }),
);

function toNumber(value: number | string): number {
  if (typeof value === 'number') return value;
  return value.trim() === '' ? Number.NaN : Number(value);
}

/** Where a server of the gateway's own listens. */
export const address = v.pipe(
  v.string(),
  v.regex(/^(?:\[[\da-fA-F:]+\]|[^\s:[\]]+):\d{1,5}$/, 'Expected "host:port".'),
);
