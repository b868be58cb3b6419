import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { startListeners } from './support/startListeners.ts';
import { verifyAws } from './support/verifyAws.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const aws = { service_name: 'lambda', region: 'eu-central-1', access_key_id: 'AKIDEXAMPLE', secret_access_key: SECRET };

describe('requests to AWS', { timeout: 30_000 }, () => {
  for (const kind of ['graphql', 'rest', 'sse', 'ws'] as const) {
    it(`are signed as an implementation of its own verifies (${kind})`, async (t) => {
      const { ask } = await startListeners(t, {
        input: () => ({
          headers: { propagate: ['authorization', 'x-amz-date'] },
          subgraph_authentication: { all: { aws_sig_v4: { ...aws, session_token: 'session' } } },
        }),
      });
      const came = await ask(kind, { authorization: 'evil', 'x-amz-date': 'evil' });
      // What follows a handshake is no body of it.
      const heard = kind === 'ws' ? { ...came, body: '' } : came;
      assert.equal(verifyAws(heard, SECRET, 'eu-central-1/lambda'), true);
      assert.equal(heard.headers['x-amz-security-token'], 'session');
      assert.equal(verifyAws({ ...heard, body: `${heard.body} ` }, SECRET, 'eu-central-1/lambda'), false);
      assert.equal(verifyAws({ ...heard, url: '/other' }, SECRET, 'eu-central-1/lambda'), false);
      assert.equal(verifyAws(heard, 'another secret', 'eu-central-1/lambda'), false);
      assert.equal(JSON.stringify(heard).includes(SECRET), false);
    });
  }

  const loading = async (authentication: object, env: Readonly<Record<string, string>>) => {
    const subgraphs = { a: { url: 'https://a', schema: { sdl: 'type Query { a: Int }' }, authentication } };
    const { config } = await loadConfig({ directory: '/nonexistent', env, input: { subgraphs } });
    return config.subgraphs[0]?.authentication?.aws_sig_v4;
  };
  const { access_key_id: _id, secret_access_key: _secret, ...place } = aws;

  it('have the keys of the environment where they are not told', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'e', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
    const keys = { access_key_id: 'e', secret_access_key: 's', session_token: 't' };
    assert.deepEqual(await loading({ aws_sig_v4: place }, env), { ...place, ...keys });
    assert.deepEqual(await loading({ aws_sig_v4: aws }, env), aws);
  });

  it('without keys, and two credentials in one header, are issues with their places', async () => {
    await assert.rejects(
      loading({ aws_sig_v4: place }, {}),
      /subgraphs\.a\.authentication\.aws_sig_v4: .*there are neither/,
    );
    await assert.rejects(loading({ aws_sig_v4: { ...place, access_key_id: 'a' } }, {}), /Expected both/);
    const oauth2 = { token_url: 'https://id/token', client_id: 'a', client_secret: 'b' };
    await assert.rejects(
      loading({ aws_sig_v4: aws, oauth2 }, {}),
      /subgraphs\.a\.authentication: .*"oauth2" and "aws_sig_v4"/,
    );
  });
});
