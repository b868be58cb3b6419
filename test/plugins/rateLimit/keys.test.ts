import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IssuesError } from '../../../src/errors/Issue.ts';
import { compileLimits } from '../../../src/plugins/rateLimit/compileLimits.ts';
import { decodeLimits, startLimited } from './support/startLimited.ts';

const once = { rate: 1, window: '1m' } as const;

describe('whose counter a request is charged to', { timeout: 20_000 }, () => {
  it('is told by the network of an address, behind the proxies that are trusted', async () => {
    await using limited = await startLimited(
      { rules: [{ name: 'each', key: 'address', ...once }] },
      { trustedHops: 1 },
    );
    const code = async (address: string) =>
      (await limited.ask('{ hello }', { caller: 'ann', headers: { 'x-forwarded-for': address } })).code;
    assert.equal(await code('2001:db8::1'), undefined);
    assert.equal(await code('2001:db8::2'), 'RATE_LIMITED');
    assert.equal(await code('2001:db8:0:1::2'), undefined);
    assert.equal(await code('192.0.2.1'), undefined);
    assert.equal(await code('192.0.2.2'), undefined);
    assert.equal(await code('198.51.100.1, 192.0.2.2'), 'RATE_LIMITED');
  });

  it('may be an expression; where it has no value, a common one, and the log says so once', async () => {
    await using limited = await startLimited({ rules: [{ name: 'tenant', key: 'caller.claims.tenant', ...once }] });
    const code = async (caller?: string) =>
      (await limited.ask('{ hello }', caller === undefined ? {} : { caller })).code;
    assert.deepEqual([await code('ann'), await code('ann'), await code('bob')], [undefined, 'RATE_LIMITED', undefined]);
    assert.deepEqual([await code(), await code()], [undefined, 'RATE_LIMITED']);
    assert.equal(limited.warned.length, 1);
    assert.match(
      limited.warned[0] ?? '',
      /^rate_limit\.rules\[0\]\.key: the expression has no value for some requests/,
    );
  });

  it('may be a combination, in which no two are mistaken for each other', async () => {
    await using limited = await startLimited({
      rules: [{ name: 'pair', key: ['headers["x-a"]', 'headers["x-b"]'], ...once }],
    });
    const code = async (a: string, b: string) =>
      (await limited.ask('{ hello }', { headers: { 'x-a': a, 'x-b': b } })).code;
    assert.deepEqual([await code('1', '2'), await code('1', '2')], [undefined, 'RATE_LIMITED']);
    assert.deepEqual(
      [await code('1', ''), await code('', '1'), await code('1,2', '')],
      [undefined, undefined, undefined],
    );
  });

  it('may be only of some requests', async () => {
    await using limited = await startLimited({
      rules: [{ name: 'bots', key: 'all', when: 'headers["user-agent"].startsWith("bot")', ...once }],
    });
    const bot = { headers: { 'user-agent': 'bot/1' } };
    assert.equal((await limited.ask('{ hello }', bot)).code, undefined);
    assert.equal((await limited.ask('{ hello }', bot)).code, 'RATE_LIMITED');
    const { code, sent } = await limited.ask('{ hello }');
    assert.deepEqual([code, sent?.headers['ratelimit']], [undefined, undefined]);
  });

  it('is an issue with its path where the expression is wrong; all at once', async () => {
    const config = decodeLimits({
      rules: [
        { name: 'a', key: ['caller', 'nobody.id'], when: 'caller.id', ...once },
        { name: 'b', key: 'all', when: '1 +', ...once },
      ],
      plan: 'size(caller.scopes)',
    });
    await assert.rejects(compileLimits(config, { warn: () => undefined }), (error) => {
      assert.ok(error instanceof IssuesError);
      assert.deepEqual(
        error.issues.map(({ path }) => path),
        ['rate_limit.plan', 'rate_limit.rules[0].key', 'rate_limit.rules[1].when'],
      );
      assert.match(error.issues[1]?.message ?? '', /^Expected an expression: .*nobody/s);
      return true;
    });
  });
});
