import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTlsPort } from '../../../../src/server/tls/openTlsPort.ts';
import {
  type Authority,
  type CertificateOptions,
  createAuthority,
  hasOpenssl,
  type KeyedCertificate,
} from '../../../server/tls/support/createAuthority.ts';
import { silent } from './openTestDoor.ts';
import type { Credentials } from './transports.ts';

const ANN = 'spiffe://shop/ann';

/** Made once for all transports: each costs a run of `openssl`. */
const made = new Map<string, Promise<Credentials>>();
let own: Promise<Authority> | undefined;
let foreign: Promise<Authority> | undefined;

const authority = (): Promise<Authority> => {
  own ??= createAuthority('Test');
  return own;
};
const stranger = (): Promise<Authority> => {
  // Of the same name: names prove nothing.
  foreign ??= createAuthority('Test');
  return foreign;
};

function once(name: string, make: () => Promise<KeyedCertificate>): Promise<Credentials> {
  const known = made.get(name) ?? make().then(toCredentials);
  made.set(name, known);
  return known;
}

async function toCredentials({ cert, key }: KeyedCertificate): Promise<Credentials> {
  return { tls: { ca: (await authority()).cert, cert, key } };
}

const issued =
  (options: CertificateOptions, from = authority) =>
  (): Promise<Credentials> =>
    once(JSON.stringify([options, from === authority]), async () => (await from()).issue(options));

async function revoked(): Promise<KeyedCertificate> {
  const from = await authority();
  const certificate = await from.issue({ altNames: `URI:${ANN}` });
  await from.revoke(certificate);
  return certificate;
}

/** Certificates of clients: one that is right, and the ways in which others are wrong (CVE-2022-21656 and its like). */
export const certificates = {
  name: 'client_certificate',
  skip: hasOpenssl ? (false as const) : 'needs openssl',
  challenge: /^ClientCertificate realm="weft"$/,
  config: () => ({
    client_certificate: {
      clients: [
        { uri: ANN, consumer: 'ann' },
        { dns: 'ann.example', consumer: 'ann' },
      ],
    },
  }),
  good: issued({ altNames: `URI:${ANN}` }),
  bad: {
    missing: async (): Promise<Credentials> => ({ tls: { ca: (await authority()).cert } }),
    expired: issued({ altNames: `URI:${ANN}`, from: -9, to: -1 }),
    'not valid yet': issued({ altNames: `URI:${ANN}`, from: 1, to: 9 }),
    revoked: () => once('revoked', revoked),
    'meant for servers': issued({ altNames: `URI:${ANN}`, usage: 'serverAuth' }),
    'self-signed': () => once('self', async () => (await authority()).selfSigned({ altNames: `URI:${ANN}` })),
    'of another authority': issued({ altNames: `URI:${ANN}` }, stranger),
    'of somebody else': issued({ altNames: 'URI:spiffe://shop/bob' }),
    'the name as its subject': issued({ subject: '/CN=ann.example' }),
    'a URI under DNS': issued({ altNames: `DNS:${ANN}` }),
    'a URI under email': issued({ altNames: `email:${ANN}` }),
    'a host under URI': issued({ altNames: 'URI:ann.example' }),
    'a host under email': issued({ altNames: 'email:ann.example' }),
    // ann.example, NUL, .evil.example
    'a NUL behind the name': issued({ altNames: 'DER:301b8219616e6e2e6578616d706c65002e6576696c2e6578616d706c65' }),
    'a NUL in a second name': issued({
      altNames: 'DER:3027820b616e6e2e6578616d706c658218616e6e2e6578616d706c65002e6576696c2e6578616d706c',
    }),
    'the right one told in a header only': async (): Promise<Credentials> => {
      const { tls } = await issued({ altNames: `URI:${ANN}` })();
      const headers = {
        'x-forwarded-client-cert': `Hash=${'0'.repeat(64)};URI=${ANN}`,
        'x-ssl-client-cert': encodeURIComponent(tls?.cert ?? ''),
      };
      return { headers, tls: { ca: tls?.ca ?? '' } };
    },
  },
  async openPort() {
    const from = await authority();
    // Whatever is revoked later is in a list of its own.
    const revocations = join(from.folder, 'port.crl');
    await once('revoked', revoked);
    await copyFile(from.crlFile, revocations);
    const { certFile, keyFile } = await from.issue({
      subject: '/CN=gateway',
      altNames: 'IP:127.0.0.1',
      usage: 'serverAuth',
    });
    const auth = { ca_file: [from.certFile], crl_file: [revocations], required: false };
    return openTlsPort({ cert_file: certFile, key_file: keyFile, min_version: '1.2', client_auth: auth }, silent);
  },
  async close() {
    await (await own)?.[Symbol.asyncDispose]();
    await (await foreign)?.[Symbol.asyncDispose]();
  },
};
