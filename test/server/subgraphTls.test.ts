import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { type Kind, kinds, startListeners } from './support/startListeners.ts';
import { createAuthority, hasOpenssl, type KeyedCertificate } from './tls/support/createAuthority.ts';

const without = hasOpenssl ? false : 'openssl is not installed';

async function open(t: TestContext, host = 'DNS:localhost') {
  const authority = await newAuthority(t, 'ours');
  const { cert, key } = await authority.issue({ subject: '/CN=server', altNames: host, usage: 'serverAuth' });
  const client = await authority.issue({ subject: '/CN=client', altNames: 'DNS:gateway.internal' });
  return { authority, client: asClient(client), secure: { ca: authority.cert, cert, key } };
}

async function newAuthority(t: TestContext, name: string) {
  const authority = await createAuthority(name);
  t.after(() => authority[Symbol.asyncDispose]());
  return authority;
}

const asClient = ({ certFile, keyFile }: KeyedCertificate) => ({ certificate_chain: certFile, key: keyFile });

const field = (kind: Kind) => (kind === 'grpc' ? 'getGrpc' : kind);

describe('TLS to subgraphs', { timeout: 60_000, skip: without }, () => {
  for (const kind of kinds) {
    it(`shows the certificate of the gateway, and trusts its own authority alone (${kind})`, async (t) => {
      const { authority, client, secure } = await open(t);
      const tls = { certificate_authorities: authority.certFile, client_authentication: client };
      const start = (settings: object) => startListeners(t, { secure, input: () => settings });
      const shown = await start({ subgraph_tls: { all: tls } });
      await shown.ask(kind);
      assert.equal(shown.heard.length, 1);
      const other = await newAuthority(t, 'other');
      const foreign = await other.issue({ subject: '/CN=client', altNames: 'DNS:gateway.internal' });
      const refused = [
        {},
        // Nobody vouches for the subgraph.
        { subgraph_tls: { all: { client_authentication: client } } },
        { subgraph_tls: { all: { ...tls, certificate_authorities: other.certFile } } },
        // The gateway has no certificate, or one of somebody else.
        { subgraph_tls: { all: { certificate_authorities: authority.certFile } } },
        {
          subgraph_tls: {
            all: { ...tls, client_authentication: asClient(foreign) },
          },
        },
      ];
      for (const settings of refused) {
        const { ask, heard, query } = await start(settings);
        await assert.rejects(ask(kind), /heard nothing/, JSON.stringify(settings));
        assert.equal(heard.length, 0);
        if (kind === 'ws' || kind === 'sse' || kind === 'ticks') continue;
        const answer = await query(`{ ${field(kind)} }`);
        assert.match(answer, /SUBGRAPH_UNREACHABLE/);
        assert.equal(answer.includes(authority.folder), false);
      }
    });

    it(`checks the name in the certificate, which can be told (${kind})`, async (t) => {
      const { authority, client, secure } = await open(t, 'DNS:orders.internal');
      const tls = { certificate_authorities: authority.certFile, client_authentication: client };
      const start = (own: object) => startListeners(t, { secure, input: () => ({ subgraph_tls: { all: own } }) });
      await assert.rejects((await start(tls)).ask(kind), /heard nothing/);
      await (await start({ ...tls, server_name: 'orders.internal' })).ask(kind);
    });
  }

  it('is that of loading the schema too', async (t) => {
    const { authority, client, secure } = await open(t);
    const tls = { certificate_authorities: authority.certFile, client_authentication: client };
    const { heard, ask } = await startListeners(t, {
      secure,
      input: (subgraph) => ({ subgraphs: { graphql: { ...subgraph('graphql'), schema: { service: true }, tls } } }),
    });
    await ask('graphql');
    assert.match(heard[0]?.body ?? '', /_service/);
  });

  it('is of one subgraph where it stands there: another one on the same host is shown no certificate', async (t) => {
    const { authority, client, secure } = await open(t);
    const { query } = await startListeners(t, {
      secure,
      input: (subgraph) => ({
        subgraph_tls: { all: { certificate_authorities: authority.certFile } },
        subgraphs: {
          graphql: {
            ...subgraph('graphql'),
            tls: { certificate_authorities: authority.certFile, client_authentication: client },
          },
          rest: subgraph('rest'),
        },
      }),
    });
    for (let n = 0; n < 2; n += 1) {
      const answer = await query('{ graphql rest }');
      assert.match(answer, /"data":\{"graphql":"a","rest":null\}/);
    }
  });

  it('with wrong files is an issue with its place', async (t) => {
    const { authority, client } = await open(t);
    const other = await authority.issue({ subject: '/CN=other', altNames: 'DNS:other' });
    const issuesOf = async (tls: object) => {
      const subgraphs = { a: { url: 'https://a', schema: { sdl: 'type Query { a: Int }' }, tls } };
      return loadConfig({ directory: authority.folder, input: { subgraphs } }).then(
        () => '',
        (error: Error) => error.message,
      );
    };
    assert.equal(await issuesOf({ certificate_authorities: authority.certFile, client_authentication: client }), '');
    const wrong = [
      [{ certificate_authorities: client.key }, /subgraphs\.a\.tls\.certificate_authorities: Expected a certificate/],
      [
        { certificate_authorities: './none.pem' },
        /subgraphs\.a\.tls\.certificate_authorities: .*"\.\/none\.pem" cannot be read/,
      ],
      [
        { client_authentication: { ...client, key: other.keyFile } },
        /client_authentication\.key: Expected the private key of the certificate/,
      ],
      [
        { client_authentication: { ...client, key: authority.certFile } },
        /client_authentication\.key: Expected a private key as PEM/,
      ],
      [{ client_authentication: { certificate_chain: client.certificate_chain } }, /client_authentication\.key: /],
    ] as const;
    for (const [tls, message] of wrong) assert.match(await issuesOf(tls), message);
  });
});
