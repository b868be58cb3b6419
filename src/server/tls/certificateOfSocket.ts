import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../../context.ts';
import { certificateOf } from './certificateOf.ts';

/** What OpenSSL says of certificates, as a client may read it. */
const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'The certificate has expired.'],
  ['CERT_NOT_YET_VALID', 'The certificate is not valid yet.'],
  ['CERT_REVOKED', 'The certificate was revoked.'],
  ['INVALID_PURPOSE', 'The certificate is not meant for clients.'],
  ['CRL_HAS_EXPIRED', 'Whether the certificate was revoked cannot be told at the moment.'],
]);
/** Also of an authority that has no list of what it revoked, where there are lists. */
const UNKNOWN = 'The certificate is of an authority that is not accepted here.';

const KNOWN = Symbol('certificate');
type Socket = TLSSocket & { [KNOWN]?: ClientCertificate | null };

/** The certificate of the client at the other end, read once a connection; undefined where it has shown none. */
export function certificateOfSocket(connection: object | undefined): ClientCertificate | undefined {
  const socket = connection as Socket | undefined;
  if (socket?.encrypted !== true) return undefined;
  if (socket[KNOWN] === undefined) socket[KNOWN] = read(socket) ?? null;
  return socket[KNOWN] ?? undefined;
}

function read(socket: Socket): ClientCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const problem = socket.authorized ? undefined : (PROBLEMS.get(String(socket.authorizationError)) ?? UNKNOWN);
  return certificateOf(certificate, problem);
}
