import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createIntrospectionMethod } from '../../../src/plugins/authentication/createIntrospectionMethod.ts';
import { createTokenHolder } from '../../../src/plugins/authentication/createTokenHolder.ts';

it('users of one client are callers of their own, whatever the issuer says of them', async () => {
  const subjects = new Map<string, unknown>([
    ['a', 5],
    ['b', 6],
    ['c', { id: 7 }],
    ['d', ''],
    ['e', 'ann'],
    ['f', undefined],
  ]);
  const { identify } = createIntrospectionMethod({
    introspect: async (token) => ({ active: true, client_id: 'app', sub: subjects.get(token) }),
    issuer: 'https://issuer.example',
    holder: createTokenHolder({
      sources: [{ type: 'header', name: 'authorization', value_prefix: 'Bearer' }],
      now: Date.now,
    }),
    cacheTtl: 60_000,
    now: Date.now,
    log: { info() {}, warn() {}, error() {} },
  });
  const ask = (token: string) => identify({ headers: new Headers({ authorization: `Bearer ${token}` }) });
  const callers = await Promise.all([...subjects.keys()].map(ask));
  assert.deepEqual(
    callers.map((caller) => caller?.id),
    ['5', '6', '', '', 'ann', 'app'],
  );
  assert.equal(new Set(callers.map((caller) => caller?.key)).size, subjects.size);
});
