import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/errors/GatewayError.ts';
import { CredentialsError } from '../../../../src/plugins/authentication/AuthenticationMethod.ts';
import { createMemoryProofs } from '../../../../src/plugins/authentication/dpop/createMemoryProofs.ts';
import { createNonces } from '../../../../src/plugins/authentication/dpop/createNonces.ts';
import { createProofChecker } from '../../../../src/plugins/authentication/dpop/createProofChecker.ts';
import { requestTarget } from '../../../../src/plugins/authentication/dpop/requestTarget.ts';
import type { OpenContext } from '../../../../src/plugins/GatewayPlugin.ts';
import { createProver } from '../support/createProver.ts';

const URL = 'https://api.example.com/graphql';
const SECRET = new Uint8Array(32).fill(7);

function contextOf(proof: string): OpenContext {
  return { headers: { get: (name) => (name === 'dpop' ? proof : null) } };
}

async function setUp() {
  const clock = { time: 1_800_000_000_000 };
  const now = () => clock.time;
  const nonces = createNonces(SECRET, now);
  const used = createMemoryProofs({ window: 71_000, now });
  const checkProof = createProofChecker({ algorithms: ['ES256'], maxAge: 60, used, nonces, urlOf: () => URL, now });
  const client = await createProver();
  const check = (context: OpenContext) => checkProof(context, { token: 't', jkt: client.jkt });
  const prove = (claims: object) =>
    client.prove({ method: 'POST', url: URL, token: 't', claims: { iat: clock.time / 1_000, ...claims } });
  return { clock, nonces, check, prove };
}

describe('the check of proofs', () => {
  it('takes a nonce of the minute before, and gives the one of this minute with the answer', async () => {
    const { clock, nonces, check, prove } = await setUp();
    const nonce = await nonces.current();
    const first = contextOf(await prove({ nonce }));
    await check(first);
    assert.equal(first.responseHeaders, undefined);
    clock.time += 60_000;
    const second = contextOf(await prove({ nonce }));
    await check(second);
    assert.equal(second.responseHeaders?.get('dpop-nonce'), await nonces.current());
    clock.time += 60_000;
    await assert.rejects(check(contextOf(await prove({ nonce }))), (error) => {
      assert.ok(error instanceof CredentialsError);
      assert.equal(error.problem, 'use_dpop_nonce');
      assert.notEqual(error.options.headers?.['dpop-nonce'], nonce);
      return true;
    });
    // The same secret elsewhere, another one elsewhere still.
    const now = () => clock.time;
    const current = await nonces.current();
    assert.equal(await createNonces(SECRET, now).isGood(current), true);
    assert.equal(await createNonces(new Uint8Array(32), now).isGood(current), false);
  });

  it('refuses a proof again for as long as its time would be accepted', async () => {
    const { clock, nonces, check, prove } = await setUp();
    // The clock of the client is ahead: its proof is good for longest.
    const nonce = await nonces.current();
    const proof = await prove({ iat: clock.time / 1_000 + 5, nonce });
    await check(contextOf(proof));
    let accepted = 0;
    const reasons = new Set<string>();
    for (let second = 0; second < 90; second += 1) {
      clock.time += 1_000;
      await check(contextOf(proof)).then(
        () => (accepted += 1),
        (error: Error) => reasons.add(error.message),
      );
    }
    assert.equal(accepted, 0);
    assert.deepEqual([...reasons].slice(0, 2), ['The proof was used before.', 'The proof is too old.']);
  });

  it('remembers no more proofs than it has room for, and then lets nobody in rather than somebody twice', () => {
    let time = 0;
    const proofs = createMemoryProofs({ window: 1_000, now: () => time, most: 3 });
    assert.deepEqual([proofs.use('a'), proofs.use('b'), proofs.use('a'), proofs.use('c')], [true, true, false, true]);
    assert.throws(
      () => proofs.use('d'),
      (error) => error instanceof GatewayError && error.code === 'AUTHENTICATION_UNAVAILABLE',
    );
    time = 1_000;
    assert.deepEqual([proofs.use('d'), proofs.use('a')], [true, false]);
    time = 2_000;
    assert.deepEqual([proofs.use('a'), proofs.use('d')], [true, false]);
    time = 9_000;
    assert.equal(proofs.use('d'), true);
  });

  it('compares addresses in the one form that all their spellings have', () => {
    for (const [one, other] of [
      ['https://a.example/graphql', 'HTTPS://A.example:443/graphql?x#y'],
      ['http://a.example', 'http://a.example:80/'],
      ['wss://a.example/graphql', 'https://a.example/graphql'],
      ['https://a.example/gr%61ph%71l', 'https://a.example/graphql'],
      ['https://a.example/%c3%a4', 'https://a.example/ä'],
      ['https://a.example/x/../graphql', 'https://a.example/graphql'],
    ] as const)
      assert.equal(requestTarget(one), requestTarget(other), one);
    for (const [one, other] of [
      ['https://a.example/graphql', 'http://a.example/graphql'],
      ['https://a.example/graphql', 'https://a.example/graphql/'],
      ['https://a.example/graphql', 'https://a.example/graphQL'],
      ['https://a.example/a%2fb', 'https://a.example/a/b'],
      ['https://a.example/graphql', 'https://a.example:8443/graphql'],
    ] as const)
      assert.notEqual(requestTarget(one), requestTarget(other), one);
    for (const none of ['/graphql', '', 'file:///graphql', 'https://ann@a.example/graphql'])
      assert.equal(requestTarget(none), undefined);
  });
});
