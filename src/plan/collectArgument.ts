import type { Builder } from './createBuilder.ts';
import { conflicts, mergeChildren } from './mergeRequired.ts';
import type { Call, CollectedArgument, ShapeField } from './Plan.ts';

/**
 * Lets a call collect one more argument with each of its entities: `fields` are read at the call's (only) site and the value is made of them.
 * The index in `Call.arguments`, for `UpstreamField.collected`; an equal argument is collected once.
 */
export function collectArgument(
  { guards }: Builder,
  call: Call,
  { type, value, fields }: CollectedArgument & { readonly fields: readonly ShapeField[] },
): number {
  const [site] = call.sites;
  const text = JSON.stringify([type, value]);
  const known = call.arguments.findIndex((argument, index) => {
    const read = site?.arguments[index] ?? [];
    return JSON.stringify([argument.type, argument.value]) === text && isAlike(read, fields);
  });
  if (known < 0) {
    site?.arguments.push(fields.map((field) => ({ ...field })));
    return call.arguments.push({ type, value }) - 1;
  }
  for (const field of fields) {
    const same = site?.arguments[known]?.find(({ key }) => key === field.key);
    if (same === undefined) continue;
    same.guard = guards.or(same.guard, field.guard);
    mergeChildren(same, field, guards);
  }
  return known;
}

function isAlike(fields: readonly ShapeField[], others: readonly ShapeField[]): boolean {
  const keys = (all: readonly ShapeField[]) => all.map(({ key }) => key).join();
  return keys(fields) === keys(others) && !conflicts(fields, others);
}
