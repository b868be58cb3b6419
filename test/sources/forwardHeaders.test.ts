import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '../../src/execute/Source.ts';
import { compileExpression } from '../../src/expressions/compileExpression.ts';
import { forwardHeaders } from '../../src/sources/forwardHeaders.ts';

const caller: Caller = { key: 'jwt:ann', id: 'ann', method: 'jwt', scopes: ['a', 'b'], claims: { note: 'x\r\ny: z' } };

function compute(expressions: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(expressions).map(([name, expression]) => [
      name,
      { expression, evaluate: compileExpression(expression, 'string') },
    ]),
  );
}

describe('headers of the caller', () => {
  const rules = {
    send: { 'x-tenant': 'fixed', 'x-user': 'nobody' },
    propagate: ['x-user', 'x_user', 'X-User', 'x_tenant', 'x-trace'],
    compute: compute({ 'x-user': 'caller.id', 'x-scopes': 'caller.scopes[0]', 'x-note': 'string(caller.claims.note)' }),
  };
  const forged = new Headers({
    'x-user': 'root',
    x_user: 'root',
    x_tenant: 'other',
    'x-scopes': 'all',
    'x-trace': '7',
  });

  it('go to the subgraph, and what the client sent under their names, in any spelling, does not', () => {
    const headers = forwardHeaders(rules)({ headers: forged, caller });
    assert.deepEqual(headers, { 'x-tenant': 'fixed', 'x-user': 'ann', 'x-scopes': 'a', 'x-trace': '7' });
  });

  it('are left out where they are empty: a token may have no subject', () => {
    const { 'x-user': user, ...rest } = forwardHeaders(rules)({ headers: forged, caller: { ...caller, id: '' } });
    assert.equal(user, undefined);
    assert.equal(rest['x-scopes'], 'a');
  });

  it('are left out where nobody in particular asks, as are forged ones', () => {
    assert.deepEqual(forwardHeaders(rules)({ headers: forged }), { 'x-tenant': 'fixed', 'x-trace': '7' });
  });
});
