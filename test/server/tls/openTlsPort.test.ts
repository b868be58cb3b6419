import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectPlain, createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TlsConfig } from '../../../src/config/Config.ts';
import { openTlsPort } from '../../../src/server/tls/openTlsPort.ts';
import { createTestLog } from '../../e2e/support/createTestLog.ts';
import { collect } from '../support/collect.ts';
import { type SendOptions, send } from '../support/send.ts';
import { startTestGateway } from '../support/startTestGateway.ts';
import { type Authority, createAuthority, hasOpenssl, type KeyedCertificate } from './support/createAuthority.ts';

const HELLO: SendOptions = { headers: { 'content-type': 'application/json' }, body: '{"query":"{ hello }"}' };
const SERVER = { subject: '/CN=gateway', altNames: 'IP:127.0.0.1,DNS:localhost', usage: 'serverAuth' };

describe('HTTPS at the port of the gateway', { skip: hasOpenssl ? false : 'needs openssl', timeout: 60_000 }, () => {
  let authority: Authority;
  let own: KeyedCertificate;
  before(async () => {
    authority = await createAuthority('Test');
    own = await authority.issue(SERVER);
  });
  after(() => authority[Symbol.asyncDispose]());

  async function start(name: string, more: Partial<TlsConfig> = {}) {
    const config: TlsConfig = {
      cert_file: join(authority.folder, `${name}.crt`),
      key_file: join(authority.folder, `${name}.key`),
      min_version: '1.2',
      ...more,
    };
    await copyFile(own.certFile, config.cert_file);
    await copyFile(own.keyFile, config.key_file);
    const log = createTestLog();
    const test = await startTestGateway({ tls: await openTlsPort(config, log) });
    return { ...test, config, log, [Symbol.asyncDispose]: () => test.gateway.close() };
  }

  it('answers in every lane', async () => {
    await using test = await start('plain');
    assert.match(test.url, /^https:/);
    const tls = { ca: authority.cert };
    const fast = await send(test.url, { ...HELLO, tls });
    assert.equal(fast.body, '{"data":{"hello":"world"}}');
    const got = await send(`${test.url}?query=%7Bhello%7D`, { method: 'GET', headers: { accept: '*/*' }, tls });
    assert.equal(got.body, '{"data":{"hello":"world"}}');
    class Trusting extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, tls);
      }
    }
    const client = createClient({ url: test.url.replace('http', 'ws'), webSocketImpl: Trusting, retryAttempts: 0 });
    assert.equal((await collect(client.iterate({ query: 'subscription { ticks(to: 2) }' }))).length, 2);
    await client.dispose();
  });

  it('speaks nothing older than it is told', async () => {
    await using test = await start('new', { min_version: '1.3' });
    const { port } = new URL(test.url);
    const speak = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((resolve) => {
        const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert, maxVersion }, () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
        socket.once('error', (error) => resolve(error.message));
      });
    assert.equal(await speak('TLSv1.3'), 'TLSv1.3');
    assert.match(await speak('TLSv1.2'), /protocol version/);
  });

  it('survives those who speak something else, or nothing', async () => {
    await using test = await start('garbage');
    const { port, host } = new URL(test.url);
    const say = (bytes: string | Uint8Array | undefined) =>
      new Promise<void>((resolve) => {
        const socket = connectPlain(Number(port), '127.0.0.1', () => {
          if (bytes === undefined) socket.destroy();
          else socket.end(bytes);
        });
        socket.on('error', () => undefined).resume();
        socket.once('close', () => resolve());
      });
    await say(`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await say(Buffer.from('1603010200010001fc0303', 'hex').fill(0, 9));
    await say(new Uint8Array(2_000).fill(0xff));
    await say(undefined);
    assert.equal((await send(test.url, { ...HELLO, tls: { ca: authority.cert } })).status, 200);
    assert.deepEqual(test.logged, []);
  });

  it('takes over another certificate without a restart, and keeps the old one while the files do not fit', async () => {
    await using test = await start('swap');
    const seen = () =>
      new Promise<string>((resolve, reject) => {
        const { port } = new URL(test.url);
        const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert }, () => {
          resolve(socket.getPeerCertificate().subject['CN']?.toString() ?? '');
          socket.destroy();
        });
        socket.once('error', reject);
      });
    assert.equal(await seen(), 'gateway');
    const next = await authority.issue({ ...SERVER, subject: '/CN=next' });
    await copyFile(next.certFile, test.config.cert_file);
    assert.match(await test.log.when(/stay as they were/), /has another one/);
    assert.equal(await seen(), 'gateway');
    await copyFile(next.keyFile, test.config.key_file);
    await test.log.when(/were read anew/);
    assert.equal(await seen(), 'next');
  });

  it('cuts a client without a good certificate where one is required', async () => {
    const auth = { ca_file: [authority.certFile], crl_file: [], required: true };
    await using test = await start('required', { client_auth: auth });
    const client = await authority.issue();
    const stranger = await authority.selfSigned();
    const ask = (certificate: { readonly cert?: string; readonly key?: string }) =>
      send(test.url, { ...HELLO, tls: { ca: authority.cert, cert: certificate.cert, key: certificate.key } });
    assert.equal((await ask(client)).status, 200);
    await assert.rejects(ask({}));
    await assert.rejects(ask(stranger));
  });

  it('cuts connections of a client that is revoked, and no others', async () => {
    const crl = join(authority.folder, 'cut.crl');
    await copyFile(authority.crlFile, crl);
    const auth = { ca_file: [authority.certFile], crl_file: [crl], required: false };
    await using test = await start('cut', { client_auth: auth });
    const [good, bad] = [await authority.issue(), await authority.issue()];
    const { port } = new URL(test.url);
    const open = async ({ cert, key }: KeyedCertificate) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert, cert, key });
      socket.on('error', () => undefined).resume();
      await new Promise((resolve) => socket.once('session', resolve));
      return socket;
    };
    await using stays = await open(good);
    await using goes = await open(bad);
    const gone = new Promise((resolve) => goes.once('close', resolve));
    await authority.revoke(bad);
    await copyFile(authority.crlFile, crl);
    await gone;
    assert.equal(stays.destroyed, false);
    await writeFile(crl, 'nonsense');
    await test.log.when(/list of revoked certificates.*has none/);
    assert.equal(stays.destroyed, false);
  });

  it('cuts connections of a client that is revoked, whatever certificates others have shown', async () => {
    const crl = join(authority.folder, 'odd.crl');
    await copyFile(authority.crlFile, crl);
    const auth = { ca_file: [authority.certFile], crl_file: [crl], required: false };
    await using test = await start('odd', { client_auth: auth });
    const { port } = new URL(test.url);
    const open = async ({ cert, key }: KeyedCertificate) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert, cert, key });
      socket.on('error', () => undefined).resume();
      await once(socket, 'session');
      return socket;
    };
    await using stranger = await open(await authority.selfSigned({ altNames: 'DER:ffffff' }));
    const bad = await authority.issue();
    await using goes = await open(bad);
    const gone = Promise.all([stranger, goes].map((socket) => once(socket, 'close')));
    await authority.revoke(bad);
    await copyFile(authority.crlFile, crl);
    await gone;
    assert.doesNotMatch(test.log.lines.join('\n'), /cannot be read/);
  });

  it('cuts connections of a client that is revoked, also where another one is about to end', async (t) => {
    const crl = join(authority.folder, 'ending.crl');
    await copyFile(authority.crlFile, crl);
    const auth = { ca_file: [authority.certFile], crl_file: [crl], required: false };
    const files = { cert_file: own.certFile, key_file: own.keyFile, min_version: '1.2', client_auth: auth } as const;
    using port = await openTlsPort(files, createTestLog());
    const seen: TLSSocket[] = [];
    const server = port.createServer({}, () => undefined);
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    server.on('secureConnection', (socket) => seen.push(socket));
    // At the last moment before the connections are looked at.
    const { setSecureContext } = server;
    server.setSecureContext = (context) => {
      seen[0]?.destroy();
      setSecureContext.call(server, context);
    };
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const bad = await authority.issue();
    const clients: TLSSocket[] = [];
    for (const { cert, key } of [await authority.issue(), bad]) {
      const options = {
        port: (server.address() as AddressInfo).port,
        host: '127.0.0.1',
        ca: authority.cert,
        cert,
        key,
      };
      const client = connect(options);
      client.on('error', () => undefined).resume();
      clients.push(client);
      await once(client, 'session');
    }
    const gone = Promise.all(clients.map((client) => once(client, 'close')));
    await authority.revoke(bad);
    await copyFile(authority.crlFile, crl);
    await gone;
  });

  it('cuts a client that was revoked while it shook hands, and no other one', async () => {
    const crl = join(authority.folder, 'held.crl');
    await copyFile(authority.crlFile, crl);
    const auth = { ca_file: [authority.certFile], crl_file: [crl], required: false };
    await using test = await start('held', { client_auth: auth });
    const [good, bad] = [await authority.issue(), await authority.issue()];
    const [stays, goes] = await Promise.all([holdHandshake(test.url, good), holdHandshake(test.url, bad)]);
    await authority.revoke(bad);
    await copyFile(authority.crlFile, crl);
    await test.log.when(/were read anew/);
    assert.equal(await goes(), undefined);
    assert.match((await stays()) ?? '', /^HTTP\/1\.1 200/);
  });

  /** A client whose own part of the handshake waits on its way until the function is called, which asks, and gives the answer if there is one. */
  async function holdHandshake(
    url: string,
    { cert, key }: KeyedCertificate,
  ): Promise<() => Promise<string | undefined>> {
    const go = Promise.withResolvers<void>();
    const relay = createServer((client) => {
      const gateway = connectPlain(Number(new URL(url).port), '127.0.0.1');
      gateway.on('error', () => undefined).on('close', () => client.destroy());
      client.on('error', () => undefined).on('close', () => gateway.destroy());
      gateway.pipe(client);
      client.once('data', (hello) => {
        gateway.write(hello);
        client.pause();
        go.promise.then(() => client.pipe(gateway));
      });
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const { port } = relay.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', ca: authority.cert, cert, key });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    relay.close();
    return async () => {
      const answer = new Promise<string | undefined>((resolve) => {
        socket.once('data', (data) => resolve(String(data)));
        socket.once('close', () => resolve(undefined));
      });
      go.resolve();
      const body = '{"query":"{ hello }"}';
      const head = `POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
      socket.write(`${head}\r\n\r\n${body}`);
      const answered = await answer;
      socket.destroy();
      return answered;
    };
  }
});
