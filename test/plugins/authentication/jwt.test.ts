import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { GatewayError } from '../../../src/errors/GatewayError.ts';
import type { Caller } from '../../../src/execute/Source.ts';
import type { Log } from '../../../src/lib/Log.ts';
import { CredentialsError } from '../../../src/plugins/authentication/AuthenticationMethod.ts';
import {
  createJwtMethod,
  type JwtIssuer,
  type JwtOptions,
} from '../../../src/plugins/authentication/createJwtMethod.ts';
import { createKeySet } from '../../../src/plugins/authentication/createKeySet.ts';
import { createTokenHolder } from '../../../src/plugins/authentication/createTokenHolder.ts';
import { until } from '../../support/until.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';

function clock() {
  let time = Date.now();
  return {
    now: () => time,
    pass(milliseconds: number) {
      time += milliseconds;
    },
  };
}

function keysOf(issuer: Issuer, now: () => number, lines: string[] = []): JwtIssuer {
  const note = (line: string) => void lines.push(line);
  const log: Log = { info: note, warn: note, error: note };
  const load = async () => {
    const response = await fetch(issuer.jwksUrl);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  };
  const keys = createKeySet({ load, place: 'of the test', pollInterval: 60_000, cooldown: 30_000, now, log });
  return { keys, issuers: [issuer.name], audiences: ['shop'], algorithms: ['RS256', 'ES256'] };
}

function methodOf(issuers: readonly JwtIssuer[], now: () => number, more: Partial<JwtOptions> = {}) {
  const sources = [{ type: 'header', name: 'authorization', value_prefix: 'Bearer' }] as const;
  const method = createJwtMethod({
    issuers,
    holder: createTokenHolder({ sources, now }),
    clockTolerance: 5,
    now,
    ...more,
  });
  return (token: string) => method.identify({ headers: new Headers({ authorization: `bearer ${token}` }) });
}

function refused(message: RegExp) {
  return (error: unknown) => error instanceof CredentialsError && message.test(error.message);
}

describe('a verified token', () => {
  it('says who asks', async () => {
    await using issuer = await startIssuer();
    const { now } = clock();
    const identify = methodOf([keysOf(issuer, now)], now, { planClaim: 'tier' });
    const caller = (await identify(
      await issuer.sign({ scope: 'read write', tier: 'pro', tenant: { id: 7 } }),
    )) as Caller;
    assert.equal(caller.id, 'ann');
    assert.equal(caller.key, `jwt:["${issuer.name}","ann"]`);
    assert.deepEqual(caller.scopes, ['read', 'write']);
    assert.equal(caller.plan, 'pro');
    assert.deepEqual(caller.claims['tenant'], { id: 7 });
    assert.equal(caller.expires, Number(caller.claims['exp']) * 1_000);
    assert.throws(() => Object.assign(caller.claims['tenant'] as object, { id: 8 }));
  });

  it('says so by a text, whatever the issuer has written', async () => {
    await using issuer = await startIssuer();
    const { now } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    const callers: (Caller | undefined)[] = [];
    for (const sub of [5, { a: 1 }, ['ann'], '', null] as never[])
      callers.push(await identify(await issuer.sign({ sub, client_id: 'app' })));
    assert.deepEqual(
      callers.map((caller) => caller?.id),
      ['5', '', '', '', 'app'],
    );
    // Whoever has no name is one with nobody, nor with its client.
    assert.equal(new Set(callers.map((caller) => caller?.key)).size, 5);
  });

  it('may have its scopes in a list, or under another claim', async () => {
    await using issuer = await startIssuer();
    const { now } = clock();
    const scopesOf = async (claims: object, scopeClaim?: string) =>
      ((await methodOf([keysOf(issuer, now)], now, { scopeClaim })(await issuer.sign({ ...claims }))) as Caller).scopes;
    assert.deepEqual(await scopesOf({ scp: ['a', 'b', 3] }), ['a', 'b']);
    assert.deepEqual(await scopesOf({ permissions: ['c'], scope: 'a' }, 'permissions'), ['c']);
    assert.deepEqual(await scopesOf({}), []);
  });

  it('costs no promise when it comes again, and never outlives its end', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    const token = await issuer.sign({ exp: Math.floor(now() / 1_000) + 20 });
    const caller = await identify(token);
    assert.equal(identify(token), caller);
    pass(21_000);
    // Within the tolerance of clocks it is verified anew.
    assert.ok(identify(token) instanceof Promise);
    assert.equal(((await identify(token)) as Caller).id, 'ann');
    pass(5_000);
    await assert.rejects(Promise.resolve(identify(token)), refused(/has expired/));
  });

  it('of nobody is a caller of its own', async () => {
    await using issuer = await startIssuer();
    const { now } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    const keys = await Promise.all(
      ['a', 'b'].map(
        async (jti) => ((await identify(await issuer.sign({ sub: undefined as never, jti }))) as Caller).key,
      ),
    );
    assert.equal(new Set(keys).size, 2);
  });

  it('may be of several issuers, also where two have a key of the same name', async () => {
    await using one = await startIssuer();
    await using two = await startIssuer('ES256');
    const { now } = clock();
    const identify = methodOf([keysOf(one, now), keysOf(two, now)], now);
    assert.match(((await identify(await one.sign())) as Caller).key, new RegExp(one.name));
    assert.match(((await identify(await two.sign())) as Caller).key, new RegExp(two.name));
    const open = methodOf(
      [keysOf(one, now), keysOf(two, now)].map(({ keys, algorithms }) => ({ keys, algorithms })),
      now,
    );
    assert.equal(((await open(await two.sign({ iss: 'anybody' }))) as Caller).id, 'ann');
  });

  it('needs no "kid" where one of the keys has signed it', async () => {
    await using issuer = await startIssuer();
    await issuer.rotate(false);
    const { now } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    assert.equal(((await identify(await issuer.sign({}, { kid: undefined as never }))) as Caller).id, 'ann');
  });

  it('may be signed by a secret, and then by nothing else', async () => {
    await using issuer = await startIssuer();
    const { now } = clock();
    const secret = new TextEncoder().encode('a secret of at least 32 characters');
    const identify = methodOf([{ keys: secret, algorithms: ['HS256'] }], now);
    const exp = Math.floor(now() / 1_000) + 60;
    const token = await new SignJWT({ sub: 'bob', exp }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    assert.equal(((await identify(token)) as Caller).id, 'bob');
    await assert.rejects(Promise.resolve(identify(await issuer.sign())), refused(/algorithm/));
  });
});

describe('the keys of an issuer', () => {
  it('are fetched once, and anew when they are old, behind the back of who asks', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    await Promise.all(Array.from({ length: 20 }, async (_item, n) => identify(await issuer.sign({ n }))));
    assert.equal(issuer.fetches, 1);
    pass(61_000);
    const token = await issuer.sign();
    await identify(token);
    for (let turns = 0; issuer.fetches < 2 && turns < 200; turns += 1) await new Promise(setImmediate);
    assert.equal(issuer.fetches, 2);
  });

  it('are fetched for a key that is not known, but nobody can flood the issuer', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    await identify(await issuer.sign());
    await issuer.rotate(false);
    assert.equal(((await identify(await issuer.sign())) as Caller).id, 'ann');
    assert.equal(issuer.fetches, 2);
    const forged = await Promise.all(Array.from({ length: 50 }, (_item, n) => issuer.sign({}, { kid: `x${n}` })));
    for (const token of forged)
      await assert.rejects(Promise.resolve(identify(token)), refused(/key that is not known/));
    assert.equal(issuer.fetches, 2);
    pass(31_000);
    await Promise.allSettled(forged.map((token) => Promise.resolve(identify(token))));
    assert.equal(issuer.fetches, 3);
  });

  it('void what was verified by a key that is gone', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    const token = await issuer.sign({ exp: Math.floor(now() / 1_000) + 36_000 });
    await identify(token);
    await issuer.rotate(true);
    pass(61_000);
    // Known still; it has the keys fetched anew.
    assert.equal((identify(token) as Caller).id, 'ann');
    const isRefused = () =>
      Promise.resolve(identify(token)).then(
        () => false,
        (error: unknown) => refused(/key that is not known/)(error),
      );
    await until(isRefused);
    // The first, the one behind the back of who asked, and one for a key that is not known.
    assert.equal(issuer.fetches, 3);
  });

  it('that nobody has asked for long are waited for', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const identify = methodOf([keysOf(issuer, now)], now);
    const end = { exp: Math.floor(now() / 1_000) + 36_000 };
    await identify(await issuer.sign(end));
    const late = await issuer.sign({ ...end, late: true });
    await issuer.rotate(true);
    pass(700_000);
    await assert.rejects(Promise.resolve(identify(late)), refused(/key that is not known/));
  });

  it('stay where the issuer is away, and tokens cannot be judged where there never were any', async () => {
    await using issuer = await startIssuer();
    const { now, pass } = clock();
    const lines: string[] = [];
    const identify = methodOf([keysOf(issuer, now, lines)], now);
    issuer.fail(true);
    const away = (error: unknown) => error instanceof GatewayError && error.code === 'AUTHENTICATION_UNAVAILABLE';
    await assert.rejects(Promise.resolve(identify(await issuer.sign())), away);
    await assert.rejects(Promise.resolve(identify(await issuer.sign())), away);
    assert.equal(issuer.fetches, 1);
    issuer.fail(false);
    pass(1_100);
    assert.equal(((await identify(await issuer.sign())) as Caller).id, 'ann');
    issuer.fail(true);
    pass(700_000);
    const exp = Math.floor(now() / 1_000) + 60;
    assert.equal(((await identify(await issuer.sign({ exp, again: 1 }))) as Caller).id, 'ann');
    assert.deepEqual(lines, [
      'The key set of the test cannot be read, no token can be verified: status 500',
      'The key set of the test is there again.',
      'The key set of the test cannot be read, the last known keys are used: status 500',
    ]);
  });
});
