import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Log } from '../../../src/lib/Log.ts';
import { hashPassword } from '../../../src/plugins/authentication/passwordHash.ts';
import type { GatewayPlugin } from '../../../src/plugins/GatewayPlugin.ts';
import { hashOf } from '../../../src/plugins/hashOf.ts';
import { send } from '../../server/support/send.ts';
import { startTestGateway } from '../../server/support/startTestGateway.ts';
import { hasRedis, startRedis } from '../../stores/support/startRedis.ts';
import { until } from '../../support/until.ts';
import { openTestDoor, silent } from './support/openTestDoor.ts';
import { startIssuer } from './support/startIssuer.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Answers who asks. */
const whoami: GatewayPlugin = {
  onExecute({ args, setResultAndStopExecution }) {
    const { caller } = args.contextValue as { readonly caller?: { readonly key: string } };
    setResultAndStopExecution({ data: { key: caller?.key ?? null } });
  },
};

async function open(authentication: object, more: object = {}, log: Log = silent) {
  const frontDoor = await openTestDoor({ authentication, ...more }, log);
  const test = await startTestGateway({ frontDoor, plugins: [whoami] });
  const ask = async (headers: Readonly<Record<string, string>>, search = ''): Promise<string> => {
    const { status, body } = await send(`${test.url}${search}`, {
      headers: { ...JSON_TYPE, ...headers },
      body: '{"query":"{ hello }"}',
    });
    const result = JSON.parse(body) as { data?: { key: string | null }; errors?: { message: string }[] };
    return result.data === undefined ? `${status} ${result.errors?.[0]?.message}` : String(result.data.key);
  };
  return { test, ask, [Symbol.asyncDispose]: () => test.gateway.close() };
}

const keys = async (...names: string[]) =>
  Promise.all(names.map(async (name) => ({ hash: await hashOf(name), consumer: name.replace('key-', '') })));

describe('authentication', { timeout: 60_000 }, () => {
  it('lets nobody in particular pass where that is asked for, and wrong credentials never', async () => {
    await using door = await open({ anonymous: true, api_keys: { keys: await keys('key-ann') } });
    assert.equal(await door.ask({}), 'null');
    assert.equal(await door.ask({ 'x-api-key': 'key-ann' }), 'api_key:ann');
    assert.match(await door.ask({ 'x-api-key': 'key-eve' }), /^401 The API key is not known/);
  });

  it('asks its methods in order, and the first that finds credentials decides', async () => {
    await using issuer = await startIssuer();
    const methods = { jwt: { jwks: [{ url: issuer.jwksUrl }] }, api_keys: { keys: await keys('key-ann') } };
    const token = await issuer.sign({ sub: 'bob' });
    const both = { authorization: `Bearer ${token}`, 'x-api-key': 'key-ann' };
    await using first = await open(methods);
    assert.match(await first.ask(both), /bob/);
    assert.equal(await first.ask({ 'x-api-key': 'key-ann' }), 'api_key:ann');
    assert.match(await first.ask({ authorization: 'Bearer a.b.c', 'x-api-key': 'key-ann' }), /^401 /);
    await using second = await open({ ...methods, order: ['api_keys', 'jwt'] });
    assert.equal(await second.ask(both), 'api_key:ann');
    assert.match(await second.ask({}), /^401 .*"api_keys" or "jwt"/);
  });

  it('says why by the challenge of the method that refuses, and by no other', async () => {
    await using issuer = await startIssuer();
    const methods = { jwt: { jwks: [{ url: issuer.jwksUrl }] }, api_keys: { keys: await keys('key-ann') } };
    await using door = await open(methods);
    const challenge = async (headers: Record<string, string>) => {
      const all = { ...JSON_TYPE, ...headers };
      return (await send(door.test.url, { headers: all, body: '{"query":"{ hello }"}' })).headers['www-authenticate'];
    };
    const key = 'ApiKey realm="weft", header="x-api-key"';
    assert.equal(await challenge({}), `Bearer realm="weft", ${key}`);
    assert.equal(await challenge({ 'x-api-key': 'none' }), `${key}, Bearer realm="weft"`);
    const why = 'error="invalid_token", error_description="The token is not a signed JWT."';
    assert.equal(await challenge({ authorization: 'Bearer x' }), `Bearer realm="weft", ${why}, ${key}`);
  });

  it('needs them all where told so', async () => {
    const config = {
      mode: 'all',
      api_keys: { keys: await keys('key-ann') },
      basic: { users: [{ name: 'bob', password_hash: await hashPassword('secret', 1_000) }] },
    };
    const authorization = `Basic ${btoa('bob:secret')}`;
    await using door = await open(config);
    assert.equal(await door.ask({ 'x-api-key': 'key-ann', authorization }), 'api_key:ann basic:bob');
    assert.match(await door.ask({ 'x-api-key': 'key-ann' }), /^401 .*expected those of "basic"/);
    assert.match(await door.ask({ authorization }), /^401 .*expected those of "api_keys"/);
    assert.match(await door.ask({}), /^401 /);
    await using open_ = await open({ ...config, anonymous: true });
    assert.equal(await open_.ask({}), 'null');
    assert.match(await open_.ask({ authorization }), /^401 /);
  });

  it('finds credentials in cookies and in the query', async () => {
    await using issuer = await startIssuer();
    await using door = await open({
      jwt: { jwks: [{ url: issuer.jwksUrl }], sources: [{ type: 'cookie', name: 'session' }] },
      api_keys: { keys: await keys('key-ann'), sources: [{ type: 'query', name: 'key' }] },
    });
    assert.match(await door.ask({ cookie: `a=b; session="${await issuer.sign()}"; c=d` }), /ann/);
    assert.match(await door.ask({ cookie: 'xsession=a; session=b' }), /^401 The token is not a signed JWT/);
    assert.equal(await door.ask({}, '?key=key-ann'), 'api_key:ann');
    assert.match(await door.ask({}, '?other=key-ann'), /^401 /);
  });

  it('ends a stream when its credentials end', async () => {
    await using issuer = await startIssuer();
    await using test = await startTestGateway({
      frontDoor: await openTestDoor({ authentication: { jwt: { jwks: [{ url: issuer.jwksUrl }] } } }),
    });
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const response = await fetch(test.url, {
      method: 'POST',
      headers: { ...JSON_TYPE, accept: 'text/event-stream', authorization: `Bearer ${await issuer.sign({ exp })}` },
      body: '{"query":"subscription { forever }"}',
    });
    const text = await response.text();
    assert.match(text, /"forever":1.*"UNAUTHENTICATED".*event: complete/s);
    assert.ok(Date.now() >= exp * 1_000);
    await test.probe.ended;
    assert.equal(test.snapshot.users, 0);
  });
});

describe('API keys', { timeout: 60_000 }, () => {
  it('of a file are taken back when it changes, and a broken file changes nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-keys-'));
    const file = join(folder, 'keys.yaml');
    try {
      await writeFile(file, `keys: [{ hash: '${await hashOf('one')}', consumer: ann, plan: pro }]\n`);
      const lines: string[] = [];
      await using door = await open({ api_keys: { file } }, {}, { ...silent, error: (line) => void lines.push(line) });
      assert.equal(await door.ask({ 'x-api-key': 'one' }), 'api_key:ann');
      await writeFile(file, 'keys: [{ hash: nonsense }]\n');
      await until(() => lines.length > 0);
      assert.match(lines[0] ?? '', /stay as they were: .*64 hexadecimal digits/);
      assert.equal(await door.ask({ 'x-api-key': 'one' }), 'api_key:ann');
      await writeFile(file, `keys: [{ hash: '${await hashOf('two')}', consumer: bob }]\n`);
      await until(async () => (await door.ask({ 'x-api-key': 'one' })).startsWith('401 '));
      assert.equal(await door.ask({ 'x-api-key': 'two' }), 'api_key:bob');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('whose file is missing or wrong stop the gateway from starting', async () => {
    await assert.rejects(openTestDoor({ authentication: { api_keys: { file: '/nowhere/keys.yaml' } } }), (error) =>
      /keys\.yaml/.test(JSON.stringify(error)),
    );
  });

  const skip = hasRedis ? false : 'needs redis-server';
  it('of Redis are taken back, and go on while Redis is away', { skip }, async () => {
    await using redis = await startRedis();
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    client.on('error', () => undefined);
    try {
      const put = async (key: string, record: object) =>
        client.set(`weft:api-key:${await hashOf(key)}`, JSON.stringify(record));
      await put('one', { consumer: 'ann', plan: 'pro', scopes: ['read'] });
      await put('old', { consumer: 'old', expires: '2020-01-01' });
      await put('bad', { consumer: 7 });
      await using door = await open({ api_keys: { redis: true } }, { redis: { url: redis.url } });
      assert.equal(await door.ask({ 'x-api-key': 'one' }), 'api_key:ann');
      assert.match(await door.ask({ 'x-api-key': 'old' }), /^401 The API key has expired/);
      assert.match(await door.ask({ 'x-api-key': 'bad' }), /^401 /);
      assert.match(await door.ask({ 'x-api-key': 'two' }), /^401 /);
      await put('two', { consumer: 'bob' });
      await client.del(`weft:api-key:${await hashOf('one')}`);
      await until(async () => (await door.ask({ 'x-api-key': 'one' })).startsWith('401 '));
      await until(async () => (await door.ask({ 'x-api-key': 'two' })) === 'api_key:bob');
      await redis.kill();
      assert.equal(await door.ask({ 'x-api-key': 'two' }), 'api_key:bob');
      assert.match(await door.ask({ 'x-api-key': 'three' }), /^503 API keys cannot be looked up/);
      await redis.restart();
      await until(async () => (await door.ask({ 'x-api-key': 'three' })).startsWith('401 '));
    } finally {
      client.disconnect();
    }
  });
});

describe('passwords', { timeout: 60_000 }, () => {
  it('are checked slowly once, and then known', async () => {
    await using door = await open({
      basic: { users: [{ name: 'ann', password_hash: await hashPassword('geheim ü') }] },
    });
    const authorization = `Basic ${Buffer.from('ann:geheim ü').toString('base64')}`;
    assert.equal(await door.ask({ authorization }), 'basic:ann');
    const start = performance.now();
    for (let times = 0; times < 10; times += 1) assert.equal(await door.ask({ authorization }), 'basic:ann');
    assert.ok(performance.now() - start < 500);
  });

  it('cannot be guessed by as many as like: who is too much is told to come later', async () => {
    await using door = await open({ basic: { users: [{ name: 'ann', password_hash: await hashPassword('x') }] } });
    const guess = (n: number) => door.ask({ authorization: `Basic ${btoa(`ann:guess${n}`)}` });
    const answers = await Promise.all(Array.from({ length: 60 }, (_item, n) => guess(n)));
    assert.ok(answers.some((answer) => answer.startsWith('503 Too many passwords')));
    assert.ok(answers.every((answer) => /^(401|503) /.test(answer)));
  });
});
