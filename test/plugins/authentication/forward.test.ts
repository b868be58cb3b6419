import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { Caller } from '../../../src/execute/Source.ts';
import { CredentialsError } from '../../../src/plugins/authentication/AuthenticationMethod.ts';
import { type AskService, createForwardMethod } from '../../../src/plugins/authentication/createForwardMethod.ts';

function open(ask: AskService, cacheTtl = 0) {
  const clock = { time: Date.now() };
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const log = { info: note, warn: note, error: note };
  const method = createForwardMethod({
    ask,
    headers: ['authorization', 'cookie'],
    cacheTtl,
    now: () => clock.time,
    log,
  });
  const identify = (headers: Record<string, string>, connectionParams?: Record<string, unknown>) =>
    method.identify({ headers: new Headers(headers), connectionParams });
  return { clock, lines, identify };
}

describe('a service that knows who asks', () => {
  it('gets the headers that are credentials, and says who it is', async () => {
    const asked: unknown[] = [];
    const { identify } = open(async (headers) => {
      asked.push(headers);
      return { id: 'ann', scopes: ['a', 1], plan: 'pro', claims: { tenant: 'blue' }, expires: '2040-01-01T00:00:00Z' };
    });
    const caller = (await identify({ cookie: 's=1', 'x-other': '2' })) as Caller;
    assert.deepEqual(asked, [{ cookie: 's=1' }]);
    assert.deepEqual(caller, {
      key: 'forward:ann',
      id: 'ann',
      method: 'forward',
      scopes: ['a'],
      claims: { tenant: 'blue' },
      plan: 'pro',
      expires: Date.UTC(2040, 0, 1),
    });
    await identify({}, { Authorization: 'Bearer x' });
    assert.deepEqual(asked[1], { authorization: 'Bearer x' });
    assert.equal(identify({ 'x-other': '2' }), undefined);
    assert.equal(identify({}, { authorization: 'a\r\nx-admin: 1' }), undefined);
  });

  it('is asked once by requests that come together, and then each time', async () => {
    let count = 0;
    const { identify } = open(async () => {
      count += 1;
      return { id: 'ann' };
    });
    await Promise.all([1, 2, 3].map(() => identify({ authorization: 'a' })));
    assert.equal(count, 1);
    await identify({ authorization: 'a' });
    assert.equal(count, 2);
  });

  it('is remembered for as long as told, a no as well, and never beyond the end of the credentials', async () => {
    let count = 0;
    const { identify, clock } = open(async ({ authorization }) => {
      count += 1;
      return authorization === 'no' ? 'refused' : { id: 'ann', expires: new Date(clock.time + 300).toISOString() };
    }, 1_000);
    await identify({ authorization: 'a' });
    assert.equal((identify({ authorization: 'a' }) as Caller).id, 'ann');
    await assert.rejects(Promise.resolve(identify({ authorization: 'no' })), CredentialsError);
    assert.throws(() => identify({ authorization: 'no' }), CredentialsError);
    assert.equal(count, 2);
    clock.time += 301;
    await identify({ authorization: 'a' });
    assert.equal(count, 3);
    clock.time += 700;
    await assert.rejects(Promise.resolve(identify({ authorization: 'no' })), CredentialsError);
    assert.equal(count, 4);
  });

  it('lets nobody in where it is away, or says nothing of use', async () => {
    const away = (error: unknown) => error instanceof GatewayError && error.code === 'AUTHENTICATION_UNAVAILABLE';
    const failing = open(() => Promise.reject(new Error('no connection')));
    await assert.rejects(Promise.resolve(failing.identify({ authorization: 'a' })), away);
    assert.deepEqual(failing.lines, ['The authentication service cannot be asked: no connection']);
    for (const answer of [null, {}, { id: 7 }, { id: '' }, ['ann'], 'ann'])
      await assert.rejects(Promise.resolve(open(async () => answer).identify({ authorization: 'a' })), away);
  });
});
