/** Certificates that real proxies tell: what they send is what is read, and clients cannot send it in their stead. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import {
  type Authority,
  createAuthority,
  hasOpenssl,
  type KeyedCertificate,
} from '../../server/tls/support/createAuthority.ts';
import { openTestDoor } from './support/openTestDoor.ts';
import { hasProxy, proxies, startProxy } from './support/startProxy.ts';

describe('a certificate behind a proxy', { skip: hasOpenssl ? false : 'needs openssl', timeout: 30_000 }, () => {
  let authority: Authority;
  let own: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('Test');
    own = await authority.issue({ subject: '/CN=proxy', altNames: 'IP:127.0.0.1', usage: 'serverAuth' });
    await writeFile(join(authority.folder, 'proxy.pem'), own.cert + own.key);
  });
  after(() => authority[Symbol.asyncDispose]());

  for (const kind of proxies)
    it(`${kind.name}: says who asks, and nothing that the client says does`, {
      skip: hasProxy(kind) ? false : `needs ${kind.program}`,
    }, async () => {
      const header = { name: 'x-ssl-client-cert', verify: 'x-ssl-client-verify' };
      const frontDoor = await openTestDoor({ trusted_hops: 1, authentication: { client_certificate: { header } } });
      const callers: (string | undefined)[] = [];
      await using test = await startTestGateway({
        frontDoor,
        config: { trusted_hops: 1 },
        plugins: [{ onParams: ({ context }) => void callers.push(context.caller?.id) }],
      });
      await using proxy = await startProxy(kind, {
        upstream: new URL(test.url).host,
        certFile: own.certFile,
        keyFile: own.keyFile,
        pemFile: join(authority.folder, 'proxy.pem'),
        caFile: authority.certFile,
      });
      const ask = async (as?: KeyedCertificate, more: Readonly<Record<string, string>> = {}) => {
        const headers = { 'content-type': 'application/json', ...more };
        const tls = { ca: authority.cert, cert: as?.cert, key: as?.key };
        const { status, body } = await send(proxy.url, { headers, body: '{"query":"{ hello }"}', tls });
        return `${status} ${body}`;
      };
      const ann = await authority.issue({ altNames: 'URI:spiffe://shop/ann' });
      const bob = await authority.issue({ altNames: 'URI:spiffe://shop/bob' });
      assert.match(await ask(ann), /^200 /);
      const forged = { 'x-ssl-client-cert': encodeURIComponent(ann.cert), 'x-ssl-client-verify': 'SUCCESS' };
      assert.match(await ask(bob, forged), /^200 /);
      assert.deepEqual(callers, ['spiffe://shop/ann', 'spiffe://shop/bob']);
      assert.match(await ask(undefined, forged), /^401 .*no credentials/);
      const self = await authority.selfSigned({ altNames: 'URI:spiffe://shop/ann' });
      assert.match(await ask(self, forged), /^401 .*not verified/);
      const expired = await authority.issue({ altNames: 'URI:spiffe://shop/ann', from: -9, to: -1 });
      // nginx has no patience with one that has expired: 400, by itself.
      assert.match(await ask(expired, forged), /^40[01] /);
      assert.equal(callers.length, 2);
    });
});
