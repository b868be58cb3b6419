/**
 * What: certificates of clients (mutual TLS). Where: a method of `useAuthentication`.
 * A caller is whom its certificate names, by a list, by expressions or as it stands there; one that was revoked, has ended or is of a stranger is refused.
 */
import { LRUCache } from 'lru-cache';
import type { ClientCertificate } from '../../context.ts';
import type { Caller } from '../../execute/Source.ts';
import type { Expression } from '../../expressions/compileExpression.ts';
import type { OpenContext } from '../GatewayPlugin.ts';
import { type AuthenticationMethod, CredentialsError } from './AuthenticationMethod.ts';
import { toScopes } from './toScopes.ts';

export type CertificateName = 'uri' | 'dns' | 'email' | 'subject';

/** Whom a name means. The type belongs to the name: the same text under another type is another one. */
export interface KnownClient {
  readonly type: CertificateName;
  readonly name: string;
  /** Unless told, the name. */
  readonly consumer?: string | undefined;
  readonly plan?: string | undefined;
  readonly scopes: readonly string[];
}

export interface ClientCertificateOptions {
  readonly readCertificate: (context: OpenContext) => ClientCertificate | undefined;
  /** Which names count, in this order. */
  readonly identity: readonly CertificateName[];
  /** Empty: everybody who has a good certificate. */
  readonly clients: readonly KnownClient[];
  /** Over the caller as its certificate alone makes it: `caller.id`, `caller.claims`. */
  readonly allow?: Expression<boolean> | undefined;
  readonly consumer?: Expression<string> | undefined;
  readonly scopes?: Expression<string> | undefined;
  readonly plan?: Expression<string> | undefined;
  readonly now: () => number;
}

export function createClientCertificateMethod(options: ClientCertificateOptions): AuthenticationMethod {
  const { readCertificate, now } = options;
  const known = new LRUCache<string, Caller>({ max: 10_000 });
  return {
    name: 'client_certificate',
    challenges: ['ClientCertificate realm="weft"'],
    identify(context) {
      const certificate = readCertificate(context);
      if (certificate === undefined) return undefined;
      const { problem, begins = 0, expires, thumbprint } = certificate;
      if (problem !== undefined) throw refused(problem);
      if (begins > now()) throw refused('The certificate is not valid yet.');
      // What a proxy tells in single words may be told otherwise the next time.
      if (expires === undefined) return toCaller(certificate, options);
      if (expires <= now()) throw refused('The certificate has expired.');
      const found = known.get(thumbprint);
      if (found !== undefined) return found;
      const caller = toCaller(certificate, options);
      known.set(thumbprint, caller);
      return caller;
    },
  };
}

function toCaller(certificate: ClientCertificate, options: ClientCertificateOptions): Caller {
  const named = namesOf(certificate, options.identity);
  const { clients } = options;
  if (clients.length === 0) return byExpressions(toNamed(certificate, named[0]), options);
  for (const { type, name } of named) {
    const client = clients.find((entry) => entry.type === type && sameName(entry, name));
    if (client !== undefined) return byExpressions(toNamed(certificate, { type, name }, client), options);
  }
  throw refused('The certificate is of nobody who is known here.');
}

interface Named {
  readonly type: CertificateName;
  readonly name: string;
}

function namesOf(certificate: ClientCertificate, identity: readonly CertificateName[]): readonly Named[] {
  const { uris, dnsNames, emails, subject } = certificate;
  const all = { uri: uris, dns: dnsNames, email: emails, subject: subject === '' ? [] : [subject] };
  return identity.flatMap((type) => all[type].map((name) => ({ type, name })));
}

/** Names of hosts are the same in any case (RFC 4343); all others as they stand. */
function sameName(entry: KnownClient, name: string): boolean {
  return entry.type === 'dns' ? entry.name.toLowerCase() === name : entry.name === name;
}

function toNamed(certificate: ClientCertificate, named: Named | undefined, client?: KnownClient): Caller {
  if (named === undefined) throw refused('The certificate has no name that counts here.');
  const { subject, uris, dnsNames, emails, thumbprint, expires } = certificate;
  const consumer = client?.consumer;
  return {
    key: keyOf(consumer === undefined ? named.type : 'consumer', consumer ?? named.name),
    id: consumer ?? named.name,
    method: 'client_certificate',
    scopes: Object.freeze([...(client?.scopes ?? [])]),
    claims: Object.freeze({ subject, uris, dns: dnsNames, emails, thumbprint, name_type: named.type }),
    ...(client?.plan === undefined ? {} : { plan: client.plan }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function keyOf(type: string, name: string): string {
  return `client_certificate:${JSON.stringify([type, name])}`;
}

const NO_HEADERS = { get: () => null };

/** What an expression speaks of has to be there: a certificate without it is refused. */
function byExpressions(caller: Caller, { allow, consumer, scopes, plan }: ClientCertificateOptions): Caller {
  const input = { caller, headers: NO_HEADERS };
  try {
    if (allow !== undefined && !allow(input)) throw new Error('not allowed');
    const id = consumer?.(input);
    if (id === '') throw new Error('no consumer');
    return Object.freeze({
      ...caller,
      ...(id === undefined ? {} : { id, key: keyOf('consumer', id) }),
      ...(scopes === undefined ? {} : { scopes: Object.freeze([...toScopes(scopes(input))]) }),
      ...(plan === undefined ? {} : { plan: plan(input) }),
    });
  } catch {
    throw refused('The certificate is of nobody who is known here.');
  }
}

function refused(message: string): CredentialsError {
  return new CredentialsError('invalid_token', message);
}
