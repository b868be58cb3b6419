import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { send } from '../server/support/send.ts';
import { type Authority, createAuthority, hasOpenssl } from '../server/tls/support/createAuthority.ts';
import { startVictim } from './support/startVictim.ts';

describe('names in certificates of clients', { skip: hasOpenssl ? false : 'needs openssl', timeout: 60_000 }, () => {
  let authority: Authority;
  before(async () => {
    authority = await createAuthority('Test');
  });
  after(() => authority[Symbol.asyncDispose]());

  /** How clients with these alternative names are answered, where one DNS name is known. */
  async function statusesOf(t: TestContext, names: readonly string[]): Promise<readonly number[]> {
    const own = await authority.issue({ subject: '/CN=gateway', altNames: 'IP:127.0.0.1', usage: 'serverAuth' });
    const victim = await startVictim(t, {
      subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }],
      tls: { cert_file: own.certFile, key_file: own.keyFile, client_auth: { ca_file: authority.certFile } },
      authentication: { client_certificate: { clients: [{ dns: 'ann.example' }] } },
    });
    const statuses: number[] = [];
    for (const altNames of names) {
      const { cert, key } = await authority.issue({ altNames });
      const headers = { 'content-type': 'application/json' };
      const tls = { ca: authority.cert, cert, key };
      statuses.push((await send(victim.url, { headers, body: '{"query":"{ __typename }"}', tls })).status);
    }
    return statuses;
  }

  it('CVE-2022-21656: a name of one type is none of another', async (t) => {
    const names = ['DNS:ann.example', 'URI:ann.example', 'email:ann.example', 'DNS:bob.example,URI:ann.example'];
    assert.deepEqual(await statusesOf(t, names), [200, 401, 401, 401]);
  });

  it('CVE-2026-47778: a name does not end at a NUL', async (t) => {
    const der = (...dnsNames: readonly string[]) => {
      const parts = dnsNames.map((name) => Buffer.concat([Buffer.from([0x82, name.length]), Buffer.from(name)]));
      const all = Buffer.concat(parts);
      return `DER:${Buffer.concat([Buffer.from([0x30, all.length]), all]).toString('hex')}`;
    };
    const names = [der('ann.example'), der('ann.example\0.evil.example'), der('ann.example', 'x\0.evil.example')];
    assert.deepEqual(await statusesOf(t, names), [200, 401, 401]);
  });
});
