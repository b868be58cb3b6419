import assert from 'node:assert/strict';
import { memoryUsage } from 'node:process';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type SendOptions, send } from './support/send.ts';
import { startTestGateway, type TestGatewayOptions, testConfig } from './support/startTestGateway.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const compress = {
  gzip: (text: string | Buffer) => gzipSync(text),
  deflate: (text: string | Buffer) => deflateSync(text),
  br: (text: string | Buffer) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (text: string | Buffer) => zstdCompressSync(text),
};
const codings = Object.entries(compress);
const ask = JSON.stringify({ query: '{ hello }' });
const LIMIT = testConfig.limits.max_request_body_size;

const encoded = (coding: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): SendOptions => ({
  headers: { ...JSON_TYPE, 'content-encoding': coding, ...headers },
  body,
});

for (const fastLane of [true, false]) {
  describe(`compressed bodies, ${fastLane ? 'fast lane' : 'Yoga'}`, { timeout: 30_000 }, () => {
    const open = (config: TestGatewayOptions['config'] = {}) => startTestGateway({ fastLane, config });

    for (const [coding, pack] of codings) {
      it(`are read in "${coding}", whole or in pieces, single or as a batch`, async () => {
        await using test = await open({ batching: { limit: 2 } });
        const once = await send(test.url, encoded(coding.toUpperCase(), pack(ask)));
        assert.equal(once.body, '{"data":{"hello":"world"}}');
        const chunked = await send(test.url, { ...encoded(coding, pack(ask)), chunked: true });
        assert.equal(chunked.body, '{"data":{"hello":"world"}}');
        const batch = await send(test.url, encoded(coding, pack(`[${ask},${ask}]`)));
        assert.equal(batch.body, '[{"data":{"hello":"world"}},{"data":{"hello":"world"}}]');
        const marked = await send(test.url, encoded(coding, pack(`\ufeff${ask}`)));
        assert.equal(marked.status, 200);
      });

      it(`are refused in "${coding}" where they are cut off, broken or have something behind them`, async () => {
        await using test = await open();
        const whole = pack(ask);
        const wrong = {
          cut: whole.subarray(0, -3),
          cutByOne: whole.subarray(0, -1),
          noise: Buffer.from('this is no stream of anything at all'),
          plain: Buffer.from(ask),
          empty: Buffer.alloc(0),
          behind: Buffer.concat([whole, Buffer.from('xyz')]),
          zeroBehind: Buffer.concat([whole, Buffer.alloc(1)]),
          requestBehind: Buffer.concat([whole, Buffer.from(ask)]),
        };
        for (const [name, body] of Object.entries(wrong)) {
          const { status, body: answer } = await send(test.url, encoded(coding, body));
          assert.equal(status, 400, `${name}: ${answer}`);
          assert.match(answer, /"code":"BAD_REQUEST"/);
          assert.doesNotMatch(answer, /hello/);
        }
        assert.equal(test.probe.executions, 0);
        assert.equal((await send(test.url, encoded(coding, whole))).status, 200);
      });

      it(`stop at the limit in "${coding}", however much would come out`, async () => {
        await using test = await open();
        const fits = pack(`${ask}${' '.repeat(LIMIT - ask.length)}`);
        assert.equal((await send(test.url, encoded(coding, fits))).status, 200);
        const past = pack(`${ask}${' '.repeat(LIMIT - ask.length + 1)}`);
        const { status, body } = await send(test.url, encoded(coding, past));
        assert.equal(status, 413);
        assert.match(body, /larger than 100000 bytes once it is decompressed/);
        // 64 MB of nothing in a few bytes, many times at once.
        const bomb = pack(Buffer.alloc(64_000_000, ' '));
        assert.ok(bomb.byteLength < LIMIT, `${bomb.byteLength}`);
        const before = memoryUsage().arrayBuffers;
        const answers = await Promise.all(Array.from({ length: 20 }, () => send(test.url, encoded(coding, bomb))));
        assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([413]));
        assert.ok(memoryUsage().arrayBuffers - before < 40_000_000, `${memoryUsage().arrayBuffers - before}`);
      });
    }

    it('have a limit of their own before they are decompressed', async () => {
      await using test = await open({ limits: { ...testConfig.limits, max_compressed_body_size: 50 } });
      const small = compress.gzip(ask);
      assert.ok(small.byteLength <= 50);
      assert.equal((await send(test.url, encoded('gzip', small))).status, 200);
      const noisy = compress.gzip(
        JSON.stringify({ query: `{ hello } # ${crypto.randomUUID()}${crypto.randomUUID()}` }),
      );
      for (const chunked of [false, true]) {
        const { status, body } = await send(test.url, { ...encoded('gzip', noisy), chunked });
        assert.equal(status, 413);
        assert.match(body, /larger than 50 bytes\./);
      }
      assert.equal((await send(test.url, { headers: JSON_TYPE, body: `${ask}${' '.repeat(100)}` })).status, 200);
    });

    for (const coding of [
      'compress',
      'gzip, gzip',
      'gzip,',
      'identity, gzip',
      'br, zstd',
      'x-unknown',
      `${'gzip, '.repeat(500)}gzip`,
      '__proto__',
      'toString',
    ]) {
      it(`are refused in ${JSON.stringify(coding.slice(0, 30))}, and the answer says what is read`, async () => {
        await using test = await open();
        const { status, headers, body } = await send(test.url, encoded(coding, compress.gzip(ask)));
        assert.equal(status, 415, body);
        assert.equal(headers['accept-encoding'], 'gzip, deflate, br, zstd');
        assert.match(body, /"code":"UNSUPPORTED_MEDIA_TYPE"/);
        assert.ok(body.length < 600, body);
      });
    }

    it('are read as they are where the coding is none', async () => {
      await using test = await open();
      for (const coding of ['', 'identity', ' Identity '])
        assert.equal((await send(test.url, encoded(coding, Buffer.from(ask)))).status, 200, coding);
      assert.equal((await send(test.url, encoded('x-gzip', compress.gzip(ask)))).status, 200);
    });

    it('are refused where the configuration says so', async () => {
      const router = { ...testConfig.traffic_shaping.router, decompression_enabled: false };
      await using test = await open({ traffic_shaping: { ...testConfig.traffic_shaping, router } });
      const { status, headers } = await send(test.url, encoded('gzip', compress.gzip(ask)));
      assert.equal(status, 415);
      assert.equal(headers['accept-encoding'], 'identity');
      assert.equal((await send(test.url, { headers: JSON_TYPE, body: ask })).status, 200);
    });
  });
}
