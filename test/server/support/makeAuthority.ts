import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Authority {
  readonly ca: string;
  /** A certificate and its key as files, for these names (`DNS:localhost`). */
  issue(name: string, alternatives: string): { readonly certificate: string; readonly key: string };
}

/** Whether the `openssl` command is here. */
export const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** An authority of its own in this folder, made with openssl. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const openssl = (...options: string[]) => execFileSync('openssl', options, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
  );
  await writeFile(at('serial'), '01');
  return {
    ca: at('ca.pem'),
    issue(own, alternatives) {
      const [key, request, certificate] = [at(`${own}.key`), at(`${own}.csr`), at(`${own}.pem`)];
      const extension = ['-addext', `subjectAltName=${alternatives}`];
      openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${own}`, ...extension);
      const by = [
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca.key'),
        '-CAcreateserial',
        '-copy_extensions',
        'copy',
        '-days',
        '2',
      ];
      openssl('x509', '-req', '-in', request, '-out', certificate, ...by);
      return { certificate, key };
    },
  };
}

export const readPem = (path: string): Promise<string> => readFile(path, 'utf8');
