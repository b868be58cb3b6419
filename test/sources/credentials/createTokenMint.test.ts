import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decodeJwt } from 'jose';
import { createIdentify } from '../../../src/sources/credentials/createIdentify.ts';
import { createTokenMint } from '../../../src/sources/credentials/createTokenMint.ts';

const key = { id: 'k', algorithm: 'HS256', secret: 'a secret of at least thirty-two characters' };
const config = {
  issuer: 'weft',
  ttl: 60_000,
  header: 'authorization',
  value_prefix: 'Bearer',
  keys: [key],
  claims: {},
};
const identity = (name: string) => ({ key: name, claims: { sub: name } });

function open() {
  const clock = { time: 1_000_000_000 };
  return { clock, mint: createTokenMint({ config, subgraph: 'a', pem: undefined, now: () => clock.time }) };
}

it('A token is signed once for all who ask at a time, and used at once while more than half of its life is left.', async () => {
  const { clock, mint } = open();
  const [first, second] = await Promise.all([mint(identity('ann')), mint(identity('ann'))]);
  assert.equal(first, second);
  clock.time += 29_999;
  assert.equal(mint(identity('ann')), first);
  clock.time += 1;
  const later = await mint(identity('ann'));
  assert.notEqual(later, first);
  assert.equal(decodeJwt(later).exp, Math.floor(clock.time / 1_000) + 60);
});

it('No two identities share one.', async () => {
  const { mint } = open();
  const tokens = await Promise.all(['ann', 'bob'].map((name) => mint(identity(name))));
  assert.deepEqual(
    tokens.map((token) => decodeJwt(token).sub),
    ['ann', 'bob'],
  );
});

it('Whom the gateway speaks for is known by the caller alone unless an expression looks further.', () => {
  const caller = { key: 'jwt:ann', id: 'ann', method: 'jwt', scopes: [], claims: {} };
  let evaluated = 0;
  const claim = (expression: string) => ({
    claims: { tenant: { expression, evaluate: () => `t${++evaluated}` } },
  });
  const headers = new Headers();
  const once = createIdentify(claim('caller.claims.tenant'));
  assert.equal(once({ headers, caller }), once({ headers, caller }));
  assert.equal(evaluated, 1);
  const each = createIdentify(claim('headers["x-tenant"]'));
  assert.notEqual(each({ headers, caller }).key, each({ headers, caller }).key);
  // Claims that are equal do not make two callers one.
  const nothing = createIdentify({ claims: {} });
  const other = { ...caller, key: 'basic:ann' };
  assert.notEqual(nothing({ headers, caller }).key, nothing({ headers, caller: other }).key);
  assert.deepEqual(nothing({ headers }).claims, {});
});
