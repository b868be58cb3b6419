/**
 * What: the files of the section `tls`, read and tried. Where: whenever the configuration is loaded, and when one of them changes.
 * A user sees which file is wrong, and in what; never a part of a key.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsConfig } from './Config.ts';
import { crlEnd } from './crlEnd.ts';
import type { ConfigPath, PathIssue } from './toIssues.ts';

/** What `node:tls` takes. */
export interface TlsMaterial {
  readonly secure: SecureContextOptions;
  /** Of clients' authorities and of what they revoked, DER; empty where clients are asked for nothing. */
  readonly authorities: readonly Uint8Array[];
  readonly revocations: readonly Uint8Array[];
}

export interface ReadTls {
  /** Absent where there are issues. */
  readonly material?: TlsMaterial | undefined;
  readonly issues: readonly PathIssue[];
  readonly warnings: readonly PathIssue[];
}

interface Blocks {
  readonly file: string;
  readonly text: string;
  readonly der: readonly Uint8Array[];
}

type Report = (path: ConfigPath, message: string) => void;

export async function readTlsFiles(config: TlsConfig, now: number = Date.now()): Promise<ReadTls> {
  const issues: PathIssue[] = [];
  const warnings: PathIssue[] = [];
  const reportTo =
    (list: PathIssue[]): Report =>
    (path, message) =>
      list.push({ path: ['tls', ...path], at: 'value', message });
  const report = reportTo(issues);
  const cert = await readBlocks(config.cert_file, CERTIFICATE, { path: ['cert_file'], report });
  const key = await readText(config.key_file, { path: ['key_file'], report });
  if (cert !== undefined) checkDates(cert, config, { now, warn: reportTo(warnings) });
  if (key !== undefined) checkKey(key, cert, { file: config.key_file, report });
  const { client_auth: auth } = config;
  const authorities = await readAll(auth?.ca_file ?? [], CERTIFICATE, { path: ['client_auth', 'ca_file'], report });
  const revocations = await readAll(auth?.crl_file ?? [], REVOCATIONS, { path: ['client_auth', 'crl_file'], report });
  for (const { der, file } of revocations)
    if (der.some((list) => (crlEnd(list) ?? Number.POSITIVE_INFINITY) <= now))
      reportTo(warnings)(
        ['client_auth', 'crl_file'],
        `The list of revoked certificates in "${file}" is outdated: no client of its authority is accepted.`,
      );
  if (issues.length > 0 || cert === undefined || key === undefined) return { issues, warnings };
  const secure: SecureContextOptions = {
    cert: cert.text,
    key,
    minVersion: `TLSv${config.min_version}`,
    ...(authorities.length === 0 ? {} : { ca: authorities.map(({ text }) => text) }),
    ...(revocations.length === 0 ? {} : { crl: revocations.map(({ text }) => text) }),
  };
  try {
    createSecureContext(secure);
  } catch (error) {
    report([], `Expected files that TLS can use; OpenSSL says: ${error instanceof Error ? error.message : 'no'}.`);
    return { issues, warnings };
  }
  const derOf = (all: readonly Blocks[]) => all.flatMap(({ der }) => der);
  return { material: { secure, authorities: derOf(authorities), revocations: derOf(revocations) }, issues, warnings };
}

interface Kind {
  readonly label: string;
  readonly what: string;
  /** Throws for what is none. */
  readonly check: (text: string, der: Uint8Array) => void;
}

const CERTIFICATE: Kind = {
  label: 'CERTIFICATE',
  what: 'a certificate',
  check: (_text, der) => void new X509Certificate(der),
};
const REVOCATIONS: Kind = {
  label: 'X509 CRL',
  what: 'a list of revoked certificates (CRL)',
  check: (text) => void createSecureContext({ crl: text }),
};

interface Place {
  readonly path: ConfigPath;
  readonly report: Report;
}

async function readAll(files: readonly string[], kind: Kind, { path, report }: Place): Promise<readonly Blocks[]> {
  const read = await Promise.all(files.map((file) => readBlocks(file, kind, { path, report })));
  return read.filter((blocks) => blocks !== undefined);
}

async function readText(file: string, { path, report }: Place): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    report(path, `Expected a PEM file; ${missing ? `there is no file "${file}"` : `"${file}" cannot be read`}.`);
    return undefined;
  }
}

async function readBlocks(file: string, kind: Kind, place: Place): Promise<Blocks | undefined> {
  const text = await readText(file, place);
  if (text === undefined) return undefined;
  const pattern = new RegExp(`-----BEGIN ${kind.label}-----([A-Za-z0-9+/=\\s]+)-----END ${kind.label}-----`, 'g');
  const blocks = [...text.matchAll(pattern)];
  if (blocks.length === 0) {
    place.report(place.path, `Expected ${kind.what} in PEM ("-----BEGIN ${kind.label}-----"); "${file}" has none.`);
    return undefined;
  }
  const der = blocks.map(([, base64 = '']) => new Uint8Array(Buffer.from(base64, 'base64')));
  for (const [index, block] of blocks.entries()) {
    try {
      kind.check(block[0], der[index] ?? new Uint8Array());
    } catch {
      place.report(place.path, `Expected ${kind.what}; block ${index + 1} of "${file}" is none that can be read.`);
      return undefined;
    }
  }
  return { file, text, der };
}

/** Milliseconds before a certificate ends in which it is warned of. */
const SOON = 14 * 24 * 60 * 60_000;

/** None of it keeps the gateway from serving: clients decide what they make of it. */
function checkDates(
  { der }: Blocks,
  { cert_file: file }: TlsConfig,
  { now, warn }: { readonly now: number; readonly warn: Report },
): void {
  const [own] = der;
  if (own === undefined) return;
  const { validFrom, validTo } = new X509Certificate(own);
  const end = Date.parse(validTo);
  const until = new Date(end).toISOString().slice(0, 10);
  if (end <= now) warn(['cert_file'], `The certificate of "${file}" has expired on ${until}.`);
  else if (Date.parse(validFrom) > now) warn(['cert_file'], `The certificate of "${file}" is not valid yet.`);
  else if (end - now < SOON) warn(['cert_file'], `The certificate of "${file}" expires on ${until}.`);
}

function checkKey(
  pem: string,
  cert: Blocks | undefined,
  { file, report }: { readonly file: string; readonly report: Report },
): void {
  const [own] = cert?.der ?? [];
  try {
    const key = createPrivateKey(pem);
    if (own !== undefined && !new X509Certificate(own).checkPrivateKey(key))
      report(['key_file'], `Expected the private key of the certificate; "${file}" has another one.`);
  } catch (error) {
    const encrypted = /ENCRYPTED/.test(pem) || (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    const got = encrypted ? `that of "${file}" is encrypted` : `"${file}" has none that can be read`;
    report(['key_file'], `Expected a private key in PEM, not encrypted; ${got}.`);
  }
}
