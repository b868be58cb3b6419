import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readXfcc } from '../../../src/server/tls/readXfcc.ts';

const read = (text: string) => readXfcc(text)?.map((element) => Object.fromEntries(element));

describe('readXfcc', () => {
  it('reads elements, their keys in any case, and values with quotes or without', () => {
    assert.deepEqual(read('Hash=ab ; Subject="CN=a;b,\\"c\\"" ;URI=x;uri= , hash=cd'), [
      { hash: ['ab'], subject: ['CN=a;b,"c"'], uri: ['x', ''] },
      { hash: ['cd'] },
    ]);
  });

  it('is undefined for what is none', () => {
    for (const text of ['Hash', 'Hash="ab', 'Hash="ab"c', 'Hash=a"b', '=ab', ';Hash=ab'])
      assert.equal(readXfcc(text), undefined, text);
  });

  it('takes time in proportion to the length, whatever it is', () => {
    const started = performance.now();
    for (const text of [`By=${' '.repeat(100_000)}"`, `By="${'\\'.repeat(100_000)}`, `By="a"${' '.repeat(100_000)}"`])
      assert.equal(readXfcc(text), undefined);
    // Several seconds where each space is looked at once for each other one.
    assert.ok(performance.now() - started < 500);
  });
});
