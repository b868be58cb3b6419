import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { readTlsFiles } from '../../src/config/readTlsFiles.ts';
import { formatIssue, IssuesError } from '../../src/errors/Issue.ts';
import {
  type Authority,
  createAuthority,
  hasOpenssl,
  type KeyedCertificate,
} from '../server/tls/support/createAuthority.ts';

const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];

describe('the configuration of TLS', { skip: hasOpenssl ? false : 'needs openssl', timeout: 30_000 }, () => {
  let authority: Authority;
  let own: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('Test');
    own = await authority.issue({ subject: '/CN=gateway', usage: 'serverAuth' });
  });
  after(() => authority[Symbol.asyncDispose]());

  const load = (tls: object) =>
    loadConfig({
      directory: authority.folder,
      input: { subgraphs, tls: { cert_file: own.certFile, key_file: own.keyFile, ...tls } },
    });
  const issuesOf = async (tls: object): Promise<string> => {
    try {
      await load(tls);
      return 'none';
    } catch (error) {
      if (!(error instanceof IssuesError)) throw error;
      return error.issues.map((issue) => formatIssue(issue).trim()).join('\n');
    }
  };

  it('takes files that fit, relative to the configuration', async () => {
    const { config, warnings } = await load({
      cert_file: './c1.crt',
      min_version: 1.3,
      client_auth: { ca_file: './ca.crt', crl_file: ['./ca.crl'] },
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(config.tls, {
      cert_file: join(authority.folder, 'c1.crt'),
      key_file: own.keyFile,
      min_version: '1.3',
      client_auth: { ca_file: [authority.certFile], crl_file: [authority.crlFile], required: false },
    });
  });

  it('says which file is wrong, and in what', async () => {
    const other = await authority.issue();
    const odd = join(authority.folder, 'odd.pem');
    await writeFile(odd, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const encrypted = join(authority.folder, 'encrypted.pem');
    const secret = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
    await writeFile(encrypted, createPrivateKey(own.key).export(secret));
    for (const [tls, expected] of [
      [{ cert_file: './none.crt' }, /tls\.cert_file: Expected a PEM file; there is no file ".*none\.crt"/],
      [{ cert_file: './ca.cnf' }, /tls\.cert_file: Expected a certificate in PEM .*"\S*ca\.cnf" has none/],
      [{ cert_file: odd }, /Expected a certificate; block 1 of "\S*odd\.pem"/],
      [{ key_file: other.keyFile }, /tls\.key_file: Expected the private key of the certificate; .* has another one/],
      [{ key_file: authority.certFile }, /tls\.key_file: Expected a private key in PEM, not encrypted; .* has none/],
      [{ key_file: encrypted }, /tls\.key_file: .* is encrypted/],
      [{ client_auth: { ca_file: authority.crlFile } }, /tls\.client_auth\.ca_file: Expected a certificate in PEM/],
      [{ client_auth: { ca_file: './ca.crt', crl_file: './ca.crt' } }, /crl_file: Expected a list of revoked/],
      [{ client_auth: { required: true } }, /tls\.client_auth\.ca_file: Expected a value; it is missing/],
      [{ min_version: '1.1' }, /tls\.min_version: Expected "1.2" or "1.3"/],
      [{ certificate: './c1.crt' }, /Unknown key "certificate"; here it is called "cert_file"/],
      [
        { supergraph: { certificate: './c1.crt' } },
        /Unknown key "supergraph"; here "cert_file" and "key_file" stand in/,
      ],
      [{ client_auth: { cert_file: './ca.crt' } }, /Unknown key "cert_file"; here it is called "ca_file"/],
    ] as const) {
      const issues = await issuesOf(tls);
      assert.match(issues, expected);
      assert.doesNotMatch(issues, /MI[A-Za-z0-9+/]{20}/, 'a part of a key is in the message');
    }
  });

  it('warns of a list that is outdated: it keeps everybody out', async () => {
    await authority.list();
    const auth = { ca_file: './ca.crt', crl_file: './ca.crl' };
    assert.deepEqual((await load({ client_auth: auth })).warnings, []);
    const files = { cert_file: own.certFile, key_file: own.keyFile, min_version: '1.2' } as const;
    const client_auth = { ca_file: [authority.certFile], crl_file: [authority.crlFile], required: false };
    const inDays = (days: number) => readTlsFiles({ ...files, client_auth }, Date.now() + days * 24 * 60 * 60_000);
    const warned = async (days: number) => (await inDays(days)).warnings.map(({ path }) => path.join('.'));
    // It is good for thirty days, as is the certificate, which is warned of two weeks before.
    assert.deepEqual(await warned(29), ['tls.cert_file']);
    assert.deepEqual(await warned(31), ['tls.cert_file', 'tls.client_auth.crl_file']);
  });

  it('warns of a certificate that ends soon, or has ended', async () => {
    const soon = await authority.issue({ to: 3 });
    const over = await authority.issue({ from: -9, to: -2 });
    for (const [{ certFile, keyFile }, expected] of [
      [soon, /expires on \d{4}-\d\d-\d\d/],
      [over, /has expired on/],
    ] as const) {
      const { warnings } = await load({ cert_file: certFile, key_file: keyFile });
      assert.match(warnings.map(formatIssue).join('\n'), expected);
    }
  });
});
