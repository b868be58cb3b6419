import type { Variables } from './slotsOf.ts';

/** The variables of a request; numbers with more digits than a double has stay as they were written. */
export function readVariables(text: string): Variables {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Variables;
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  const keepDigits = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === 'number' && String(value) !== context.source ? rawJSON(context.source ?? '') : value;
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as Variables;
}
