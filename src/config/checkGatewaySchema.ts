import { isRecord } from '../lib/isRecord.ts';
import { isTypeDefsFile } from './readTypeDefs.ts';
import { showValue } from './showValue.ts';
import type { PathIssue } from './toIssues.ts';

const SCALAR = ['serialize', 'coerceOutputValue', 'parseValue', 'coerceInputValue'];
const MEMBERS = ['selectionSet', 'resolve', 'subscribe'];

/** What is wrong with `additionalResolvers`, and with files that `additionalTypeDefs` names. */
export function checkGatewaySchema(
  input: Readonly<Record<string, unknown>>,
  missingFile: (path: readonly (string | number)[], file: string) => readonly PathIssue[],
): PathIssue[] {
  const { additionalTypeDefs: typeDefs, additionalResolvers: resolvers } = input;
  const listed = Array.isArray(typeDefs)
    ? typeDefs.map((value: unknown, index) => ({ value, path: ['additionalTypeDefs', index] }))
    : [{ value: typeDefs, path: ['additionalTypeDefs'] }];
  const files = listed.flatMap(({ value, path }) =>
    typeof value === 'string' && isTypeDefsFile(value) ? missingFile(path, value) : [],
  );
  const alone: PathIssue[] =
    isRecord(resolvers) && typeDefs === undefined && input['supergraph'] === undefined
      ? [
          {
            path: ['additionalResolvers'],
            at: 'key',
            message: 'Expected "additionalTypeDefs" with the fields of these resolvers; there are none.',
          },
        ]
      : [];
  return [...files, ...alone, ...(isRecord(resolvers) ? checkResolvers(resolvers) : [])];
}

function checkResolvers(resolvers: Readonly<Record<string, unknown>>): PathIssue[] {
  return Object.entries(resolvers).flatMap(([type, fields]) => {
    const at = ['additionalResolvers', type];
    if (!isRecord(fields))
      return [{ path: at, at: 'value' as const, message: `Expected resolvers by field; got ${showValue(fields)}.` }];
    if (SCALAR.some((name) => typeof fields[name] === 'function')) return [];
    return Object.entries(fields).flatMap(([field, resolver]) => checkResolver([...at, field], resolver));
  });
}

function checkResolver(path: readonly string[], resolver: unknown): PathIssue[] {
  if (typeof resolver === 'function') return [];
  const expected = 'Expected a function, or "{ selectionSet, resolve }"';
  if (!isRecord(resolver)) return [{ path, at: 'value', message: `${expected}; got ${showValue(resolver)}.` }];
  const { selectionSet, resolve, subscribe } = resolver;
  const unknown = Object.keys(resolver).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0)
    return unknown.map((name) => ({ path: [...path, name], at: 'key', message: `${expected}; got "${name}".` }));
  if (typeof resolve !== 'function' && typeof subscribe !== 'function')
    return [{ path, at: 'value', message: `${expected}; "resolve" is missing.` }];
  return selectionSet === undefined || typeof selectionSet === 'string'
    ? []
    : [
        {
          path: [...path, 'selectionSet'],
          at: 'value',
          message: `Expected a text such as "{ id }"; got ${showValue(selectionSet)}.`,
        },
      ];
}
