import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '../../src/execute/Source.ts';
import { compileExpression } from '../../src/expressions/compileExpression.ts';

const caller: Caller = {
  key: 'jwt:ann',
  id: 'ann',
  method: 'jwt',
  scopes: ['read', 'write'],
  claims: { tenant: 'blue', level: 4, roles: ['admin'] },
};
const headers = new Headers({ 'x-tenant': 'red' });

describe('an expression', () => {
  it('speaks of the caller, headers, the address, the operation and arguments', () => {
    const text = (source: string) =>
      compileExpression(
        source,
        'string',
      )({
        caller,
        headers,
        clientAddress: () => '10.0.0.7',
        operation: { name: 'Top', kind: 'query' },
        args: { id: 'x' },
      });
    assert.equal(text('caller.id + ":" + caller.claims.tenant'), 'ann:blue');
    assert.equal(text('headers["x-tenant"] + headers["x-none"]'), 'red');
    assert.equal(text("headers['X-Tenant']"), 'red');
    assert.equal(text('client_address + operation.name + operation.kind + args.id'), '10.0.0.7Topqueryx');
    const truth = (source: string) => compileExpression(source, 'bool')({ caller, headers });
    assert.equal(truth('"write" in caller.scopes && caller.claims.level > 3'), true);
    assert.equal(truth('has(caller.claims.team) && caller.claims.team == "a"'), false);
  });

  it('knows of nobody by null', () => {
    assert.equal(compileExpression('caller == null', 'bool')({ headers }), true);
  });

  it('is refused where it is wrong, with the place or what was expected', () => {
    assert.throws(() => compileExpression('caller.', 'bool'), /\^/);
    assert.throws(() => compileExpression('nobody.id', 'string'), /Unknown variable: nobody/);
    assert.throws(() => compileExpression('1 + 1', 'bool'), /Expected an expression of type bool/);
    assert.throws(() => compileExpression('size(headers) > 1', 'bool'), /headers\["x-tenant"\]/);
    assert.throws(() => compileExpression('caller.id', 'bool')({ caller, headers }), /gave a value of type string/);
  });

  it('takes a text that mentions headers for a text', () => {
    assert.equal(
      compileExpression('"no headers here" + caller.id', 'string')({ caller, headers }),
      'no headers hereann',
    );
  });

  it('reaches nothing of JavaScript', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      assert.throws(() => compileExpression(`string(caller.${name})`, 'string')({ caller, headers }));
  });
});
