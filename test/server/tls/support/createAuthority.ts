import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAM = '/usr/bin/openssl';

/** Tests that need it are skipped on a machine without. */
export const hasOpenssl: boolean = existsSync(PROGRAM);

export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface CertificateOptions {
  /** As `openssl` takes it: `/CN=ann`. */
  readonly subject?: string;
  /** As `openssl` takes it: `DNS:a.example,URI:spiffe://a`, or `DER:30...`. */
  readonly altNames?: string;
  /** `clientAuth`, unless told. */
  readonly usage?: string;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
}

export interface Authority extends AsyncDisposable {
  readonly folder: string;
  readonly cert: string;
  readonly certFile: string;
  /** The list of what was revoked; written by `revoke` and `list`. */
  readonly crlFile: string;
  issue(options?: CertificateOptions): Promise<KeyedCertificate>;
  revoke(certificate: KeyedCertificate): Promise<void>;
  /** Writes the list of revoked certificates, good for so many days. */
  list(days?: number): Promise<void>;
  /** A certificate that nobody but itself vouches for. */
  selfSigned(options?: CertificateOptions): Promise<KeyedCertificate>;
}

/** An authority of its own, by the program that everybody uses. */
export async function createAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-ca-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...args: readonly string[]) => run(PROGRAM, [...args], { cwd: folder });
  let count = 0;
  const makeKey = async (file: string): Promise<string> => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(at(file), key);
    return key;
  };
  const read = async (prefix: string, key: string): Promise<KeyedCertificate> => ({
    cert: await readFile(at(`${prefix}.crt`), 'utf8'),
    key,
    certFile: at(`${prefix}.crt`),
    keyFile: at(`${prefix}.key`),
  });
  await makeKey('ca.key');
  await writeFile(at('ca.cnf'), settings(name));
  await writeFile(at('index.txt'), '');
  await writeFile(at('crlnumber'), '01\n');
  await openssl('req', '-x509', '-config', 'ca.cnf', '-key', 'ca.key', '-out', 'ca.crt', '-days', '3650');
  const list = async (days = 30) =>
    void (await openssl('ca', '-config', 'ca.cnf', '-gencrl', '-crldays', String(days), '-out', 'ca.crl'));
  await list();
  return {
    folder,
    cert: await readFile(at('ca.crt'), 'utf8'),
    certFile: at('ca.crt'),
    crlFile: at('ca.crl'),
    list,
    async issue({ subject = '/CN=ann', altNames, usage = 'clientAuth', from = -1, to = 30 } = {}) {
      count += 1;
      const prefix = `c${count}`;
      const key = await makeKey(`${prefix}.key`);
      await writeFile(at(`${prefix}.ext`), extensions(usage, altNames));
      await openssl(
        'req',
        '-new',
        '-config',
        'ca.cnf',
        '-key',
        `${prefix}.key`,
        '-subj',
        subject,
        '-out',
        `${prefix}.csr`,
      );
      const dates = ['-startdate', dateOf(from), '-enddate', dateOf(to)];
      const files = ['-in', `${prefix}.csr`, '-out', `${prefix}.crt`, '-extfile', `${prefix}.ext`];
      await openssl('ca', '-config', 'ca.cnf', '-batch', '-notext', '-rand_serial', ...dates, ...files);
      return read(prefix, key);
    },
    async revoke({ certFile }) {
      await openssl('ca', '-config', 'ca.cnf', '-revoke', certFile);
      await list();
    },
    async selfSigned({ subject = '/CN=ann', altNames = 'DNS:ann.example' } = {}) {
      count += 1;
      const prefix = `c${count}`;
      const key = await makeKey(`${prefix}.key`);
      const more = [
        '-subj',
        subject,
        '-addext',
        `subjectAltName=${altNames}`,
        '-addext',
        'extendedKeyUsage=clientAuth',
      ];
      await openssl('req', '-x509', '-key', `${prefix}.key`, '-out', `${prefix}.crt`, '-days', '30', ...more);
      return read(prefix, key);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function settings(name: string): string {
  return `
[req]
distinguished_name = name
x509_extensions = authority
prompt = no
[name]
CN = ${name}
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
serial = serial
new_certs_dir = .
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
[anything]
commonName = optional
organizationName = optional
`;
}

function extensions(usage: string, altNames: string | undefined): string {
  const names = altNames === undefined ? '' : `subjectAltName = ${altNames}\n`;
  return `basicConstraints = CA:FALSE\nkeyUsage = digitalSignature\nextendedKeyUsage = ${usage}\n${names}`;
}

/** `20261126120000Z` */
function dateOf(days: number): string {
  const date = new Date(Date.now() + days * 24 * 60 * 60_000);
  return `${date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
}
