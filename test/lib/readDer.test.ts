import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDer } from '../../src/lib/readDer.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

describe('reading DER', () => {
  it('gives the elements with their tags, in the order in which they stand', () => {
    const elements = readDer(bytes(`0203010001${'0500'}3003020105`));
    assert.deepEqual(
      elements.map(({ tag, content }) => [tag, Buffer.from(content).toString('hex')]),
      [
        [0x02, '010001'],
        [0x05, ''],
        [0x30, '020105'],
      ],
    );
    assert.equal(Buffer.from(elements[0]?.bytes ?? []).toString('hex'), '0203010001');
    const [long] = readDer(bytes(`0482012c${'ab'.repeat(300)}`));
    assert.equal(long?.content.length, 300);
    assert.deepEqual(readDer(bytes('')), []);
  });

  it('refuses what is none', () => {
    for (const [name, hex] of [
      ['a tag alone', '30'],
      ['a length that is not there', '3082'],
      ['more than is there', '300402'],
      ['far more than is there', '3084ffffffff00'],
      ['a length of eight octets', '30880000000000000001ff'],
      ['an indefinite length', '30800201050000'],
      ['a tag of several octets', '1f8101020105'],
    ] as const)
      assert.throws(() => readDer(bytes(hex)), RangeError, name);
  });
});
