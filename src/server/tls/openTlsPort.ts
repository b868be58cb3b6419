/**
 * What: the certificate, key and client authorities of the gateway's own port. Where: read at the start and whenever one of the files changes.
 * A caller sees the new certificate from its next connection on; a connection whose client was revoked meanwhile is cut.
 */
import { unwatchFile, watchFile } from 'node:fs';
import type { RequestListener, ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { TlsConfig } from '../../config/Config.ts';
import { withoutPosition } from '../../config/readConfigFile.ts';
import { readTlsFiles, type TlsMaterial } from '../../config/readTlsFiles.ts';
import { IssuesError } from '../../errors/Issue.ts';
import type { Log } from '../../lib/Log.ts';
import { readCertificate } from './readCertificate.ts';
import { readRevoked } from './readRevoked.ts';

export interface TlsPort extends Disposable {
  /** A server whose certificate is always the current one. */
  createServer(options: ServerOptions, listener: RequestListener): Server;
}

/** Milliseconds between two looks at the files. */
const INTERVAL = 250;
/** Milliseconds until a client that says nothing is cut off. */
const HANDSHAKE_TIMEOUT = 10_000;

/** Rejects with an `IssuesError` where a file is wrong. */
export async function openTlsPort(config: TlsConfig, log: Log): Promise<TlsPort> {
  const read = await readTlsFiles(config);
  if (read.material === undefined)
    throw new IssuesError('The files of "tls" cannot be used.', read.issues.map(withoutPosition()));
  let material = read.material;
  const servers = new Set<Server>();
  const { client_auth: auth } = config;
  const connections = new Set<TLSSocket>();
  let isLate = false;
  /** The newest files' verdict, for handshakes that began before them. */
  let newest: { readonly isGood: (socket: TLSSocket) => boolean; readonly until: number } | undefined;

  const readAgain = async (): Promise<void> => {
    const next = await readTlsFiles(config);
    if (next.material === undefined) {
      const why = next.issues.map(({ message }) => message).join(' ');
      return log.error(`The certificates of the port stay as they were: ${why}`);
    }
    // A file was touched, or it is the second of two that changed together.
    if (isDeepStrictEqual(next.material.secure, material.secure)) return;
    material = next.material;
    isLate = false;
    for (const server of servers) server.setSecureContext(material.secure);
    const isGood = judge(material);
    newest = { isGood, until: performance.now() + 2 * HANDSHAKE_TIMEOUT };
    for (const socket of connections) if (!isGood(socket)) socket.destroy();
    log.info('The certificates of the port were read anew.');
  };
  let reading = Promise.resolve();
  const onChange = (): void => {
    // In turn: the last state of the files is the one that stays.
    reading = reading.then(readAgain).catch((error: unknown) => log.error('The certificates cannot be read.', error));
  };
  const files = [config.cert_file, config.key_file, ...(auth?.ca_file ?? []), ...(auth?.crl_file ?? [])];
  for (const file of files) watchFile(file, { interval: INTERVAL, persistent: false }, onChange);

  const remember = (socket: TLSSocket): void => {
    if (!isLate && String(socket.authorizationError) === 'CRL_HAS_EXPIRED') {
      isLate = true;
      log.warn('A list of revoked certificates is outdated ("tls.client_auth.crl_file"): no client of it is accepted.');
    }
    if (socket.getPeerX509Certificate() === undefined) return;
    const mayBeOld = newest !== undefined && performance.now() < newest.until && !socket.isSessionReused();
    if (mayBeOld && socket.authorized && newest?.isGood(socket) === false) return void socket.destroy();
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  };
  return {
    createServer(options, listener) {
      const asks = { requestCert: auth !== undefined, rejectUnauthorized: auth?.required === true };
      const server = createServer(
        { ...options, ...material.secure, ...asks, handshakeTimeout: HANDSHAKE_TIMEOUT },
        listener,
      );
      servers.add(server);
      server.once('close', () => servers.delete(server));
      if (auth !== undefined) server.on('secureConnection', remember);
      return server;
    },
    [Symbol.dispose]() {
      for (const file of files) unwatchFile(file, onChange);
    },
  };
}

/** Whether a connection could still be made: of an authority that is still accepted, and nobody in its chain revoked. */
function judge({ authorities, revocations }: TlsMaterial): (socket: TLSSocket) => boolean {
  const accepted = new Set(authorities.map((der) => Buffer.from(der).toString('base64')));
  const revoked = new Set(revocations.flatMap(readRevoked));
  /** What cannot be read is nobody's that was let in: strangers may show anything. */
  const isRevoked = (raw: Uint8Array): boolean => {
    try {
      return revoked.has(readCertificate(raw).name);
    } catch {
      return true;
    }
  };
  return (socket) => {
    // Null where the connection is about to end, which the types don't know.
    let certificate: Partial<DetailedPeerCertificate> | null = socket.getPeerCertificate(true);
    const seen = new Set<string>();
    for (;;) {
      const { raw, issuerCertificate }: Partial<DetailedPeerCertificate> = certificate ?? {};
      // What cannot be told is made anew: the client connects again.
      if (raw === undefined) return false;
      const text = raw.toString('base64');
      if (seen.has(text)) return false;
      seen.add(text);
      if (isRevoked(raw)) return false;
      if (accepted.has(text)) return true;
      if (issuerCertificate === undefined) return false;
      certificate = issuerCertificate;
    }
  };
}
