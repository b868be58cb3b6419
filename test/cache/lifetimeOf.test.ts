import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifetimeOf, lifetimeOfAll } from '../../src/cache/lifetimeOf.ts';
import { parseCacheControl } from '../../src/cache/parseCacheControl.ts';
import { readInvalidation } from '../../src/cache/readInvalidation.ts';

test('directives by their names, quoted or not; of one that comes twice the first counts', () => {
  const text = ' Max-Age="60" , private="set-cookie, x",no-store,, max-age=5; odd , note="a\\"b"';
  assert.deepEqual(Object.fromEntries(parseCacheControl(text)), {
    'max-age': '60',
    private: 'set-cookie, x',
    'no-store': '',
    odd: '',
    note: 'a"b',
  });
});

test('how long a reply is good, and for whom', () => {
  const left = (cacheControl: string, more: object = {}) => lifetimeOf({ cacheControl, ...more }, 0).left;
  assert.equal(left('max-age=60', { age: '20' }), 40_000);
  assert.equal(left('max-age=60', { age: '70' }), 0);
  assert.equal(left('max-age=60, s-maxage=10'), 10_000);
  assert.equal(left('max-age=60, s-maxage=10, private'), 60_000);
  assert.equal(left('max-age=abc'), 0);
  assert.equal(left('public'), undefined);
  assert.equal(left('no-cache, max-age=60'), 0);
  assert.equal(left('max-age=99999999999'), 2_147_483_648_000);
  const date = 'Thu, 01 Jan 1970 00:01:00 GMT';
  assert.equal(lifetimeOf({ expires: date }, 0).left, 60_000);
  assert.equal(lifetimeOf({ expires: date, date }, 0).left, 0);
  assert.equal(lifetimeOf({ expires: '0' }, 0).left, 0);
  assert.equal(lifetimeOf({ vary: 'Accept-Encoding' }, 0).isPrivate, false);
  assert.equal(lifetimeOf({ vary: 'Accept-Encoding, X-User' }, 0).isPrivate, true);
  assert.deepEqual(lifetimeOf({ vary: '*' }, 0).left, 0);
});

test('of several replies the strictest, with the configured time for those that say nothing', () => {
  const all = [{ cacheControl: 'max-age=60' }, { cacheControl: 'max-age=30, private', age: '5' }];
  assert.deepEqual(lifetimeOfAll(all, { now: 0, ttl: undefined }), { left: 25_000, age: 5_000, isPrivate: true });
  assert.equal(lifetimeOfAll([...all, {}], { now: 0, ttl: undefined }).left, 0);
  assert.equal(lifetimeOfAll([...all, {}], { now: 0, ttl: 9_000 }).left, 9_000);
  assert.equal(lifetimeOfAll([{}], { now: 0, ttl: 9_000 }).left, undefined);
  assert.equal(lifetimeOfAll(undefined, { now: 0, ttl: 9_000 }).left, undefined);
});

test('the body of an invalidation, or what is wrong with it', () => {
  assert.deepEqual(
    readInvalidation([
      { kind: 'subgraph', subgraph: 'a' },
      { kind: 'type', subgraph: 'a', type: 'T' },
      { kind: 'cache_tag', subgraphs: ['a', 'b'], cache_tag: 't' },
      { kind: 'entity', subgraph: 'a', type: 'T', key: { sku: 2, id: '1' } },
    ]),
    ['subgraph:a', 'type:a:T', 'tag:a:t', 'tag:b:t', 'key:T:id sku=["1","2"]', 'key:T:id sku'],
  );
  assert.match(String(readInvalidation({})), /a list/);
  assert.match(String(readInvalidation([1])), /an object in the entry 0/);
  assert.match(String(readInvalidation([{ kind: 'subgraph' }])), /"subgraph" in the entry 0/);
  assert.match(String(readInvalidation([{ kind: 'type', subgraph: 'a' }])), /type/);
  assert.match(String(readInvalidation([{ kind: 'cache_tag', subgraphs: [1], cache_tag: 't' }])), /names of subgraphs/);
  assert.match(String(readInvalidation([{ kind: 'entity', subgraph: 'a', type: 'T', key: { id: {} } }])), /key/);
});
