import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import type { Caller } from '../../../src/execute/Source.ts';
import { openTlsPort, type TlsPort } from '../../../src/server/tls/openTlsPort.ts';
import { createTestLog } from '../../e2e/support/createTestLog.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import {
  type Authority,
  createAuthority,
  hasOpenssl,
  type KeyedCertificate,
} from '../../server/tls/support/createAuthority.ts';
import { openTestDoor, silent } from './support/openTestDoor.ts';
import { transports } from './support/transports.ts';

const ANN = 'spiffe://shop/ann';

describe('certificates of clients', { skip: hasOpenssl ? false : 'needs openssl', timeout: 60_000 }, () => {
  let authority: Authority;
  let own: KeyedCertificate;
  let ann: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('Test');
    own = await authority.issue({ subject: '/CN=gateway', altNames: 'IP:127.0.0.1', usage: 'serverAuth' });
    ann = await authority.issue({
      subject: '/CN=ann/O=Shop',
      altNames: `URI:${ANN},DNS:Ann.Example,email:ann@shop.example`,
    });
  });
  after(() => authority[Symbol.asyncDispose]());

  const openPort = (crl: readonly string[] = [], log = silent): Promise<TlsPort> => {
    const auth = { ca_file: [authority.certFile], crl_file: crl, required: false };
    return openTlsPort({ cert_file: own.certFile, key_file: own.keyFile, min_version: '1.2', client_auth: auth }, log);
  };

  interface Started extends AsyncDisposable {
    readonly url: string;
    readonly callers: (Caller | undefined)[];
    readonly told: (string | null)[];
    ask(options: { readonly headers?: Record<string, string>; readonly as?: KeyedCertificate }): Promise<string>;
  }

  async function start(
    certificates: object,
    more: { readonly hops?: number; readonly tls?: TlsPort } = {},
  ): Promise<Started> {
    const { hops = 0, tls } = more;
    const door = await openTestDoor({
      trusted_hops: hops,
      authentication: { client_certificate: certificates },
      ...(tls === undefined
        ? {}
        : { tls: { cert_file: own.certFile, key_file: own.keyFile, client_auth: { ca_file: authority.certFile } } }),
    });
    const callers: (Caller | undefined)[] = [];
    const told: (string | null)[] = [];
    const { gateway, url } = await startTestGateway({
      config: { trusted_hops: hops },
      tls,
      frontDoor: door,
      plugins: [
        {
          onParams({ context }) {
            callers.push(context.caller);
            told.push(context.headers.get('x-forwarded-client-cert'));
          },
        },
      ],
    });
    return {
      url,
      callers,
      told,
      async ask({ headers = {}, as }) {
        const body = '{"query":"{ hello }"}';
        const sent = await send(url, {
          headers: { 'content-type': 'application/json', ...headers },
          body,
          tls: tls && { ca: authority.cert, cert: as?.cert, key: as?.key },
        });
        return `${sent.status} ${sent.body}`;
      },
      [Symbol.asyncDispose]: () => gateway.close(),
    };
  }

  it('are callers by the first name that counts, with all of them as claims', async () => {
    const thumbprint = Buffer.from(new X509Certificate(ann.cert).fingerprint256.replaceAll(':', ''), 'hex');
    for (const [identity, id] of [
      [undefined, ANN],
      [['dns'], 'ann.example'],
      [['email', 'uri'], 'ann@shop.example'],
      [['subject'], 'O=Shop,CN=ann'],
    ] as const) {
      await using test = await start({ identity }, { tls: await openPort() });
      assert.match(await test.ask({ as: ann }), /^200 /);
      await test.ask({ as: ann });
      const [caller, again] = test.callers;
      assert.equal(caller, again, 'the same certificate is another caller the second time');
      assert.equal(caller?.id, id);
      assert.equal(caller?.method, 'client_certificate');
      assert.equal(caller?.expires, new X509Certificate(ann.cert).validToDate.getTime());
      const { name_type: _type, ...claims } = caller?.claims ?? {};
      assert.deepEqual(claims, {
        subject: 'O=Shop,CN=ann',
        uris: [ANN],
        dns: ['ann.example'],
        emails: ['ann@shop.example'],
        thumbprint: thumbprint.toString('base64url'),
      });
    }
  });

  it('are refused where their names cannot be read', async () => {
    await using test = await start({}, { tls: await openPort() });
    for (const altNames of ['DER:ffffff', 'DER:3080', 'DER:300581']) {
      const refused = await test.ask({ as: await authority.issue({ altNames }) });
      assert.match(refused, /^401 .*UNAUTHENTICATED/);
      assert.match(await test.ask({ as: await authority.selfSigned({ altNames }) }), /^401 .*UNAUTHENTICATED/);
    }
  });

  it('are consumers by a list, or by expressions', async () => {
    const clients = [
      { uri: 'ann@shop.example', consumer: 'wrong type' },
      { email: 'ann@shop.example', consumer: 'billing', plan: 'pro', scopes: ['read'] },
    ];
    await using listed = await start({ clients }, { tls: await openPort() });
    assert.match(await listed.ask({ as: ann }), /^200 /);
    assert.deepEqual(
      listed.callers.map((caller) => [caller?.key, caller?.id, caller?.plan, caller?.scopes]),
      [['client_certificate:["consumer","billing"]', 'billing', 'pro', ['read']]],
    );
    await using computed = await start(
      {
        allow: 'caller.id.startsWith("spiffe://shop/")',
        consumer: 'caller.claims.emails[0]',
        scopes: '"read " + caller.claims.dns[0]',
        plan: '"pro"',
      },
      { tls: await openPort() },
    );
    assert.match(await computed.ask({ as: ann }), /^200 /);
    assert.deepEqual(
      computed.callers.map((caller) => [caller?.id, caller?.plan, caller?.scopes]),
      [['ann@shop.example', 'pro', ['read', 'ann.example']]],
    );
    // No email: what the expression speaks of is not there.
    assert.match(
      await computed.ask({ as: await authority.issue({ altNames: `URI:${ANN}` }) }),
      /^401 .*nobody who is known/,
    );
    assert.match(await computed.ask({ as: await authority.issue({ altNames: 'URI:spiffe://other/ann' }) }), /^401 /);
  });

  it('are taken from the header of a proxy, as Envoy, nginx and HAProxy write it', async () => {
    const { raw, fingerprint256 } = new X509Certificate(ann.cert);
    const hash = fingerprint256.replaceAll(':', '').toLowerCase();
    const pem = encodeURIComponent(ann.cert);
    const other = await authority.issue({ altNames: 'URI:spiffe://shop/bob' });
    const over = await authority.issue({ altNames: `URI:${ANN}`, from: -9, to: -1 });
    for (const [header, value, expected] of [
      ['x-forwarded-client-cert', `By=spiffe://shop/gw;Hash=${hash};Cert="${pem}";URI=spiffe://shop/bob`, ANN],
      [
        'x-forwarded-client-cert',
        `Hash=${hash};Subject="CN=a\\"nn,O=Shop";URI=${ANN};DNS=a.example;DNS=b.example`,
        ANN,
      ],
      ['x-forwarded-client-cert', `Hash=${hash};URI=${ANN},Hash=${hash};URI=spiffe://shop/bob`, undefined],
      ['x-forwarded-client-cert', `URI=${ANN}`, undefined],
      ['x-forwarded-client-cert', `Hash=${hash};Cert="nonsense";URI=${ANN}`, undefined],
      ['x-forwarded-client-cert', `Hash=${hash};URI="${ANN}`, undefined],
      ['x-forwarded-client-cert', '', undefined],
      ['x-ssl-client-cert', pem, ANN],
      ['x-ssl-client-cert', raw.toString('base64'), ANN],
      ['x-ssl-client-cert', encodeURIComponent(ann.cert + other.cert), undefined],
      ['x-ssl-client-cert', `${pem}, ${encodeURIComponent(other.cert)}`, undefined],
      ['x-ssl-client-cert', encodeURIComponent(over.cert), undefined],
      ['x-ssl-client-cert', '%', undefined],
      ['x-ssl-client-cert', 'AAAA', undefined],
    ] as const) {
      await using test = await start({ header, identity: ['uri'] }, { hops: 1 });
      const answer = await test.ask({ headers: { [header]: value } });
      assert.match(answer, expected === undefined ? /^401 .*UNAUTHENTICATED/ : /^200 /, `${header}: ${value}`);
      assert.equal(test.callers[0]?.id, expected);
    }
  });

  it('are believed only where the proxy has verified them, if it is to say so', async () => {
    const header = { name: 'x-ssl-client-cert', verify: 'x-ssl-client-verify' };
    await using test = await start({ header }, { hops: 1 });
    const told = { 'x-ssl-client-cert': encodeURIComponent(ann.cert) };
    assert.match(await test.ask({ headers: { ...told, 'x-ssl-client-verify': 'SUCCESS' } }), /^200 /);
    assert.match(await test.ask({ headers: { ...told, 'x-ssl-client-verify': '0' } }), /^200 /);
    assert.match(
      await test.ask({ headers: { ...told, 'x-ssl-client-verify': 'FAILED:expired' } }),
      /^401 .*not verified/,
    );
    assert.match(await test.ask({ headers: told }), /^401 .*not verified/);
  });

  it('are believed of proxies at some addresses only, where they are told', async () => {
    const headers = { 'x-forwarded-client-cert': `Hash=${'a'.repeat(64)};URI=${ANN}`, 'x-forwarded-for': '10.0.0.7' };
    for (const [from, expected] of [
      [['127.0.0.1'], /^200 /],
      [['127.0.0.0/8', '::1'], /^200 /],
      // What proxies say of others is nothing of theirs.
      [['10.0.0.0/8'], /^401 .*no credentials/],
    ] as const) {
      await using test = await start({ header: { name: 'x-forwarded-client-cert', from } }, { hops: 1 });
      assert.match(await test.ask({ headers }), expected);
    }
  });

  it('are believed of proxies only that show a good certificate, where the port asks for one', async () => {
    await using test = await start({ header: 'x-forwarded-client-cert' }, { hops: 1, tls: await openPort() });
    const headers = { 'x-forwarded-client-cert': `Hash=${'a'.repeat(64)};URI=${ANN}` };
    const proxy = await authority.issue({ altNames: 'URI:spiffe://shop/proxy' });
    const stranger = await authority.selfSigned();
    assert.match(await test.ask({ headers, as: proxy }), /^200 /);
    assert.equal(test.callers[0]?.id, ANN);
    assert.match(await test.ask({ headers, as: stranger }), /^401 .*no credentials/);
    assert.match(await test.ask({ headers }), /^401 .*no credentials/);
    // Its own certificate makes nobody of a proxy.
    assert.match(await test.ask({ as: proxy }), /^401 .*no credentials/);
  });

  it('are stripped where no proxy is trusted, whichever way the request comes', async () => {
    const headers = { 'x-forwarded-client-cert': `Hash=${'a'.repeat(64)};URI=${ANN}` };
    for (const transport of transports.filter(({ name }) => name !== 'WebSocket, connection_init')) {
      for (const hops of [0, 1]) {
        const told: (string | null)[] = [];
        await using test = await startTestGateway({
          fastLane: transport.fastLane,
          config: { trusted_hops: hops },
          plugins: [{ onParams: ({ context }) => void told.push(context.headers.get('x-forwarded-client-cert')) }],
        });
        assert.equal((await transport.ask(test.url, { headers })).status, 200, transport.name);
        assert.deepEqual(told, [hops === 0 ? null : headers['x-forwarded-client-cert']], transport.name);
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"query":"{hello}"}',
        };
        assert.equal((await test.gateway.fetch(new Request('http://any.example/graphql', init))).status, 200);
        assert.equal(told[1], hops === 0 ? null : headers['x-forwarded-client-cert'], 'the Fetch API');
      }
    }
  });

  it('are refused once they are revoked, though their TLS session is taken up again', async () => {
    const crl = join(authority.folder, 'resumed.crl');
    await authority.list();
    await copyFile(authority.crlFile, crl);
    const log = createTestLog();
    const tls = await openPort([crl], log);
    await using test = await start({}, { tls });
    const client = await authority.issue({ altNames: `URI:${ANN}` });
    const port = Number(new URL(test.url).port);
    const exchange = (session?: Buffer) =>
      new Promise<{ status: string; session: Buffer | undefined; reused: boolean }>((resolve, reject) => {
        const { cert, key } = client;
        const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: authority.cert, cert, key, session }, () => {
          const body = '{"query":"{ hello }"}';
          socket.write(
            `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          );
        });
        let text = '';
        let ticket = session;
        socket.on('session', (next: Buffer) => {
          ticket = next;
        });
        socket.on('data', (chunk) => {
          text += String(chunk);
        });
        socket.once('end', () =>
          resolve({ status: text.slice(9, 12), session: ticket, reused: socket.isSessionReused() }),
        );
        socket.once('error', reject);
      });
    const first = await exchange();
    assert.equal(first.status, '200');
    const second = await exchange(first.session);
    assert.deepEqual([second.status, second.reused], ['200', true]);
    await authority.revoke(client);
    await copyFile(authority.crlFile, crl);
    await log.when(/were read anew/);
    assert.equal((await exchange(second.session)).status, '401');
    assert.equal((await exchange(first.session)).status, '401');
  });

  it('close a WebSocket when they end', async () => {
    // `openssl` takes no fractions of seconds.
    const short = await authority.issue({ altNames: `URI:${ANN}`, to: 2.9 / (24 * 60 * 60) });
    await using test = await start({}, { tls: await openPort() });
    const { cert, key } = short;
    const socket = new WebSocket(test.url.replace('http', 'ws'), 'graphql-transport-ws', {
      ca: authority.cert,
      cert,
      key,
    });
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    const [code, reason] = await new Promise<readonly [number, string]>((resolve) =>
      socket.once('close', (number, text) => resolve([number, text.toString()])),
    );
    assert.deepEqual([code, reason], [4403, 'The credentials have expired.']);
  });
});
