import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { send } from '../server/support/send.ts';
import { startVictim } from './support/startVictim.ts';

const MEBIBYTE = 1_048_576;
const bombs = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

describe('bodies that are small until they are read', { timeout: 60_000 }, () => {
  for (const [coding, pack] of Object.entries(bombs))
    it(`CVE-2024-28101: the limit holds for what comes out of a coding (${coding})`, async (t) => {
      const victim = await startVictim(t, {
        subgraphs: [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }],
      });
      const query = `{ a } #${' '.repeat(64 * MEBIBYTE)}`;
      const body = pack(Buffer.from(JSON.stringify({ query })));
      assert.ok(body.byteLength < MEBIBYTE, `${body.byteLength} bytes`);
      for (const accept of ['application/json', 'text/event-stream', 'multipart/mixed']) {
        const headers = { 'content-type': 'application/json', 'content-encoding': coding, accept };
        const before = process.memoryUsage().arrayBuffers;
        const sent = await send(victim.url, { headers, body });
        assert.match(sent.body, /PAYLOAD_TOO_LARGE/, accept);
        assert.ok(process.memoryUsage().arrayBuffers - before < 16 * MEBIBYTE);
        // One coding in another is not undone at all.
        const twice = await send(victim.url, {
          headers: { ...headers, 'content-encoding': `${coding}, ${coding}` },
          body: pack(body),
        });
        assert.match(twice.body, /UNSUPPORTED_MEDIA_TYPE/, accept);
      }
    });
});
