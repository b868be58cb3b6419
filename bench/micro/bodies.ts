/** What does a compressed body cost, and a bomb? Of 1 KB of JSON, and of 200 MB of spaces with the limit at 1 MiB. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { ContentCoding } from '../../src/server/http/contentCoding.ts';
import { decodeBody } from '../../src/server/http/decodeBody.ts';
import { decompressBody } from '../../src/server/http/decompressBody.ts';
import { compareCases } from './compareCases.ts';

const LIMIT = 1_048_576;

export default async function bodies(): Promise<string> {
  const lines = Array.from({ length: 18 }, (_, index) => `some words of a client, line ${index} of them`);
  const body = Buffer.from(
    JSON.stringify({ query: 'query($lines: [String!]) { a(lines: $lines) }', variables: { lines } }),
  );
  const spaces = Buffer.alloc(200_000_000, ' ');
  const codings = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const satisfies readonly (readonly [ContentCoding, (bytes: Buffer) => Buffer])[];
  const packed = codings.map(([coding, pack]) => ({ coding, body: pack(body), bomb: pack(spaces) }));
  return compareCases(`A body of ${body.byteLength} bytes`, [
    { name: 'plain', run: () => decodeBody(body) },
    ...packed.map((one) => ({
      name: one.coding,
      run: async () => decodeBody(await decompressBody(one.body, one.coding, LIMIT)),
    })),
    ...packed.map(({ coding, bomb }) => ({
      name: `a bomb in ${coding}, ${bomb.byteLength} bytes`,
      run: () => decompressBody(bomb, coding, LIMIT).catch(() => undefined),
    })),
  ]);
}
