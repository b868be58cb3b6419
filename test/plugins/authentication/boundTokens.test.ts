/** Tokens that are bound to a certificate (RFC 8705, 3): over a real connection, or told by a proxy. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { openTlsPort } from '../../../src/server/tls/openTlsPort.ts';
import { listenHere } from '../../e2e/support/listenHere.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import {
  type Authority,
  createAuthority,
  hasOpenssl,
  type KeyedCertificate,
} from '../../server/tls/support/createAuthority.ts';
import { openTestDoor, silent } from './support/openTestDoor.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { transports } from './support/transports.ts';

const thumbprintOf = ({ cert }: KeyedCertificate): string =>
  Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

describe('tokens that are bound to a certificate', {
  skip: hasOpenssl ? false : 'needs openssl',
  timeout: 60_000,
}, () => {
  let authority: Authority;
  let tls: { cert_file: string; key_file: string; client_auth: { ca_file: string[]; crl_file: string[] } };
  let issuer: Issuer;
  let own: KeyedCertificate;
  let other: KeyedCertificate;
  let revoked: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('Test');
    issuer = await startIssuer();
    const server = await authority.issue({ subject: '/CN=gateway', altNames: 'IP:127.0.0.1', usage: 'serverAuth' });
    [own, other, revoked] = [await authority.issue(), await authority.issue(), await authority.issue()];
    await authority.revoke(revoked);
    const auth = { ca_file: [authority.certFile], crl_file: [authority.crlFile] };
    tls = { cert_file: server.certFile, key_file: server.keyFile, client_auth: auth };
  });
  after(async () => {
    await authority[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  const jwt = () => ({ jwks: [{ url: issuer.jwksUrl, issuers: [issuer.name], audiences: ['shop'] }] });

  async function openSecure(authentication: object, fastLane = true) {
    const frontDoor = await openTestDoor({ authentication, tls });
    const auth = { ...tls.client_auth, required: false };
    const port = await openTlsPort({ ...tls, min_version: '1.2', client_auth: auth }, silent);
    const { url, gateway } = await startTestGateway({ frontDoor, tls: port, fastLane });
    return { url, [Symbol.asyncDispose]: () => gateway.close() };
  }

  it('are accepted over every transport with it, and with no other', async () => {
    const token = await issuer.sign({ cnf: { 'x5t#S256': thumbprintOf(own) } });
    const ofRevoked = await issuer.sign({ cnf: { 'x5t#S256': thumbprintOf(revoked) } });
    const free = await issuer.sign();
    for (const transport of transports) {
      await using door = await openSecure({ jwt: jwt() }, transport.fastLane);
      const ask = async (bearer: string, as?: KeyedCertificate): Promise<string> => {
        const { status, body, challenge } = await transport.ask(door.url, {
          headers: { authorization: `Bearer ${bearer}` },
          tls: { ca: authority.cert, cert: as?.cert, key: as?.key },
        });
        return `${status} ${body} ${challenge ?? 'invalid_token'}`;
      };
      const no = new RegExp(`^${transport.refusal} .*bound to a certificate.*invalid_token`, 's');
      assert.match(await ask(token, own), /^200 /, transport.name);
      // It is known by now; its certificate is asked for all the same.
      assert.match(await ask(token, other), no, transport.name);
      assert.match(await ask(token), no, transport.name);
      assert.match(await ask(ofRevoked, revoked), no, transport.name);
      assert.match(await ask(free), /^200 /, transport.name);
    }
  });

  it('are compared too where their issuer is asked about them', async (t) => {
    const url = await listenHere(t, (_request, response) => {
      const cnf = { 'x5t#S256': thumbprintOf(own), more: 'that nobody knows' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ active: true, sub: 'ann', cnf }));
    });
    await using door = await openSecure({ introspection: { url, client_id: 'app', client_secret: 'secret' } });
    const ask = async ({ cert, key }: KeyedCertificate) => {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer opaque' };
      return send(door.url, { headers, body: '{"query":"{ hello }"}', tls: { ca: authority.cert, cert, key } });
    };
    for (const [certificate, status] of [
      [own, 200],
      [other, 401],
      [own, 200],
    ] as const)
      assert.equal((await ask(certificate)).status, status);
  });

  it('are compared with what a trusted proxy tells, which alone makes nobody of anybody', async () => {
    const header = 'x-ssl-client-cert';
    const certificate = { client_certificate: { header, alone: false } };
    const frontDoor = await openTestDoor({ trusted_hops: 1, authentication: { jwt: jwt(), ...certificate } });
    await using test = await startTestGateway({ frontDoor, config: { trusted_hops: 1 } });
    const bound = `Bearer ${await issuer.sign({ cnf: { 'x5t#S256': thumbprintOf(own) } })}`;
    const ask = async (headers: Record<string, string>) =>
      (
        await send(test.url, {
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"query":"{hello}"}',
        })
      ).status;
    const told = { [header]: encodeURIComponent(own.cert) };
    assert.equal(await ask({ ...told, authorization: bound }), 200);
    assert.equal(await ask({ [header]: encodeURIComponent(other.cert), authorization: bound }), 401);
    assert.equal(await ask({ authorization: bound }), 401);
    assert.equal(await ask(told), 401);
  });

  it('are refused where nobody is asked for a certificate', async () => {
    const frontDoor = await openTestDoor({ authentication: { jwt: jwt() } });
    await using test = await startTestGateway({ frontDoor });
    const authorization = `Bearer ${await issuer.sign({ cnf: { 'x5t#S256': thumbprintOf(own) } })}`;
    const headers = {
      'content-type': 'application/json',
      authorization,
      'x-ssl-client-cert': encodeURIComponent(own.cert),
    };
    assert.equal((await send(test.url, { headers, body: '{"query":"{ hello }"}' })).status, 401);
  });
});
