import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants, createZstdCompress, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { decompressBody } from '../../../src/server/http/decompressBody.ts';

const TEXT = Buffer.from(JSON.stringify({ query: '{ hello }', variables: { text: 'some words of a client' } }));
const codings = [
  ['gzip', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['br', brotliCompressSync(TEXT)],
  ['zstd', zstdCompressSync(TEXT)],
] as const;

describe('decompressing', { timeout: 30_000 }, () => {
  for (const [coding, packed] of codings) {
    it(`gives what was compressed by "${coding}"`, async () => {
      assert.deepEqual(Buffer.from(await decompressBody(packed, coding, TEXT.byteLength)), TEXT);
      await assert.rejects(decompressBody(packed, coding, TEXT.byteLength - 1), { code: 'PAYLOAD_TOO_LARGE' });
    });

    it(`refuses "${coding}" that is cut off anywhere`, async () => {
      for (let length = 0; length < packed.byteLength; length += 1)
        await assert.rejects(
          decompressBody(packed.subarray(0, length), coding, 1_000),
          { code: 'BAD_REQUEST' },
          `${length}`,
        );
    });

    it(`refuses "${coding}" with anything behind it, be it the beginning of more`, async () => {
      const behind = [
        ...Array.from({ length: 256 }, (_, byte) => [byte]),
        ...Array.from({ length: packed.byteLength - 1 }, (_, length) => [...packed.subarray(0, length + 1)]),
      ];
      for (const bytes of behind)
        await assert.rejects(
          decompressBody(Buffer.concat([packed, Buffer.from(bytes)]), coding, 1_000),
          { code: 'BAD_REQUEST' },
          bytes.join(),
        );
    });
  }

  it('refuses windows that are larger than readers have to have', async () => {
    const params = { [constants.BROTLI_PARAM_LARGE_WINDOW]: 1, [constants.BROTLI_PARAM_LGWIN]: 30 };
    const wide = brotliCompressSync(Buffer.alloc(3_000_000, 'abcdefgh'), { params });
    await assert.rejects(decompressBody(wide, 'br', 5_000_000), { code: 'BAD_REQUEST' });
    // Of what is written piece by piece nobody knows that it needs less.
    const zstd = async (windowLog: number) => {
      const stream = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: windowLog } });
      const done = buffer(stream);
      stream.write(TEXT);
      stream.end(TEXT);
      return done;
    };
    assert.equal((await decompressBody(await zstd(23), 'zstd', 1_000)).byteLength, 2 * TEXT.byteLength);
    await assert.rejects(decompressBody(await zstd(24), 'zstd', 1_000), { code: 'BAD_REQUEST' });
  });
});
