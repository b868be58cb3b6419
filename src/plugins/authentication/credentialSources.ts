import type { OpenContext } from '../GatewayPlugin.ts';
import { CredentialsError } from './AuthenticationMethod.ts';

/** Where credentials stand in a request. */
export type CredentialSource =
  | {
      readonly type: 'header';
      readonly name: string /** `Bearer`, say; in any case. */;
      readonly value_prefix?: string | undefined;
    }
  | { readonly type: 'cookie'; readonly name: string }
  | { readonly type: 'query'; readonly name: string }
  /** A member of the payload of `connection_init`, or of `headers` in it, in any case. */
  | { readonly type: 'connection_params'; readonly name: string; readonly value_prefix?: string | undefined };

export type CredentialReader = (context: OpenContext) => string | undefined;

/** Finds credentials in the first source that has any. A header with another scheme than the expected one has none. */
export function createCredentialReader(sources: readonly CredentialSource[]): CredentialReader {
  const readers = sources.map(toReader);
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  return (context) => {
    for (const reader of readers) {
      const found = reader(context);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function toReader(source: CredentialSource): CredentialReader {
  const { name } = source;
  switch (source.type) {
    case 'header':
      return ({ headers }) => withoutPrefix(headers.get(name), source.value_prefix, `header "${name}"`);
    case 'cookie':
      return ({ headers }) => readCookie(headers.get('cookie'), name);
    case 'query':
      return ({ target }) => readQuery(target, name);
    case 'connection_params':
      return ({ connectionParams }) =>
        connectionParams === undefined
          ? undefined
          : withoutPrefix(readParam(connectionParams, name), source.value_prefix, `connection parameter "${name}"`);
  }
}

function withoutPrefix(
  value: string | null | undefined,
  prefix: string | undefined,
  where: string,
): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (prefix === undefined || prefix === '') return value.trim();
  const [scheme = '', ...rest] = value.trim().split(/\s+/);
  if (scheme.toLowerCase() !== prefix.toLowerCase()) return undefined;
  const [credentials, ...more] = rest;
  if (credentials === undefined || more.length > 0)
    throw new CredentialsError('invalid_request', `Expected "${prefix}" and one value in the ${where}.`);
  return credentials;
}

function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name)
      return (
        pair
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1') || undefined
      );
  }
  return undefined;
}

function readQuery(target: string | undefined, name: string): string | undefined {
  const at = target?.indexOf('?') ?? -1;
  if (target === undefined || at === -1) return undefined;
  return new URLSearchParams(target.slice(at)).get(name) || undefined;
}

function readParam(params: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const direct = member(params, name);
  if (typeof direct === 'string') return direct;
  const headers = member(params, 'headers');
  const nested =
    typeof headers === 'object' && headers !== null ? member(headers as Record<string, unknown>, name) : undefined;
  return typeof nested === 'string' ? nested : undefined;
}

function member(object: Readonly<Record<string, unknown>>, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(object).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
