import type { ExecutionResult } from 'graphql';
import { canonical } from './hash.ts';

/**
 * What sets the gateway's answer apart from the one server's; undefined where they are equal:
 * the data (with the order of its keys, where `isOrdered`), and the set of places that errors made null.
 * An error at such a place itself has to be one of the `reasons`: all paths where a resolver fails or answers null for a non-null type.
 * The place of an error is where the answer has null on the error's path: which of several errors
 * below one null is told, and how many of them, is not compared, because GraphQL leaves that open.
 * An error without a path counts for nothing, as long as some other error tells each place.
 */
export function compareAnswers(
  actual: ExecutionResult,
  expected: ExecutionResult,
  { isOrdered, reasons }: { readonly isOrdered: boolean; readonly reasons: ReadonlySet<string> },
): string | undefined {
  const write = isOrdered ? JSON.stringify : canonical;
  const [one, other] = [write(actual.data), write(expected.data)];
  if (one !== other) return `data: expected ${other}, found ${one}${errorText(actual)}`;
  const [places, wanted] = [errorPlaces(actual), errorPlaces(expected)];
  if (places.join() !== wanted.join())
    return `errors: expected at ${wanted.join(' ') || 'no place'}, found at ${places.join(' ') || 'no place'}${errorText(actual)}`;
  for (const { path } of actual.errors ?? []) {
    const text = JSON.stringify(path);
    if (path !== undefined && wanted.includes(text) && !reasons.has(text))
      return `path: no error is to be told at ${text}, where what is below made it null${errorText(actual)}`;
  }
  if ((expected.errors ?? []).length === 0 && (actual.errors ?? []).length > 0)
    return `errors: expected none${errorText(actual)}`;
  return undefined;
}

function errorText({ errors = [] }: ExecutionResult): string {
  return errors.length === 0
    ? ''
    : `\n  ${errors.map(({ message, path }) => `${message} at ${JSON.stringify(path)}`).join('\n  ')}`;
}

type Place = readonly (string | number)[];

/**
 * For each error with a path, the path as far as the answer has something there: null, or not even the key, where a part of it never came.
 * Of what lies below where a part never came, only that is a place: what else failed in that part is left open.
 */
export function errorPlaces({ data, errors = [] }: ExecutionResult): string[] {
  const [nulls, missing]: [Place[], Place[]] = [[], []];
  for (const { path } of errors) {
    if (path === undefined) continue;
    let value: unknown = data;
    const place: (string | number)[] = [];
    for (const step of path) {
      if (value === null || value === undefined || !Object.hasOwn(value, step)) break;
      place.push(step);
      value = (value as Record<string | number, unknown>)[step];
    }
    (value !== null && place.length < path.length ? missing : nulls).push(place);
  }
  const outermost = missing.filter((place) => !missing.some((other) => isAbove(other, place)));
  return [...new Set([...nulls, ...outermost].map((place) => JSON.stringify(place)))].sort();
}

function isAbove(other: Place, place: Place): boolean {
  return other.length < place.length && other.every((step, index) => step === place[index]);
}
