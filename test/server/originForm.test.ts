import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originForm } from '../../src/server/http/originForm.ts';

test('a target in origin form stays as it is', () => {
  assert.equal(originForm('/graphql?query={a}', 'localhost:4000'), '/graphql?query={a}');
  assert.equal(originForm('/graphql', undefined), '/graphql');
});

test('a target in absolute form becomes its path and query', () => {
  assert.equal(originForm('http://any.example:1/graphql?query=x', 'any.example'), '/graphql?query=x');
});

test('a target or a host that is none is refused', () => {
  for (const [target, host] of [
    ['*', 'localhost'],
    ['http://', 'localhost'],
    ['graphql', 'localhost'],
    ['/graphql', 'a b'],
    ['/graphql', 'a/b'],
    ['/graphql', 'a@b'],
    ['/graphql', '[::'],
  ]) {
    assert.equal(originForm(target, host), undefined, `${target} at ${host}`);
  }
});
