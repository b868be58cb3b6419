import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { send } from '../server/support/send.ts';
import { startVictim } from './support/startVictim.ts';

const json = { 'content-type': 'application/json' };
const post = async (url: string, members: unknown) =>
  (await send(url, { headers: json, body: JSON.stringify(members) })).body;

describe('gRPC', { timeout: 60_000 }, () => {
  async function openProto(t: TestContext, proto: string, port: number) {
    const folder = await mkdtemp(join(tmpdir(), 'weft-proto-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'a.proto');
    await writeFile(file, proto);
    return startVictim(t, {
      subgraphs: [{ name: 'g', url: `127.0.0.1:${port}`, schema: { proto: file }, traffic_shaping: { timeout: '3s' } }],
    });
  }
  const PROTO =
    'syntax = "proto3"; service S { rpc GetA (Q) returns (A); } message Q { string id = 1; } message A { string x = 1; }';

  /** Answers each call with these bytes. */
  async function serveGrpc(t: TestContext, headers: object, body: Buffer): Promise<number> {
    const server = createServer();
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => undefined);
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc+proto', ...headers },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(body);
    });
    server.on('sessionError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => void server.close());
    return (server.address() as AddressInfo).port;
  }
  const message = (flag: number, length: number, data: Buffer) => {
    const head = Buffer.alloc(5);
    head[0] = flag;
    head.writeUInt32BE(length, 1);
    return Buffer.concat([head, data]);
  };
  const zipped = gzipSync(Buffer.alloc(200_000_000));
  const FRAMES: Readonly<Record<string, readonly [object, Buffer]>> = {
    'a message of 4 GB': [{}, message(0, 0xffff_ffff, Buffer.from('x'))],
    'a message of 65 MB': [{}, message(0, 65 * 1_048_576, Buffer.alloc(65 * 1_048_576))],
    'a gzip bomb of 200 MB': [{ 'grpc-encoding': 'gzip' }, message(1, zipped.length, zipped)],
    'a compressed message in no coding': [{}, message(1, 1, Buffer.from('x'))],
    'a coding that there is not': [{ 'grpc-encoding': 'evil' }, message(1, 1, Buffer.from('x'))],
    'half a message': [{}, message(0, 10, Buffer.from('x'))],
    'a field that is longer than the message': [{}, message(0, 3, Buffer.from([0x0a, 0x7f, 0x78]))],
    'groups without end': [{}, message(0, 50_000, Buffer.alloc(50_000, 0x0b))],
  };
  for (const [name, [headers, body]] of Object.entries(FRAMES))
    it(`CVE-2024-37168: ${name}, is an error of that subgraph`, async (t) => {
      const { url } = await openProto(t, PROTO, await serveGrpc(t, headers, body));
      const before = process.memoryUsage().rss;
      const seen = await post(url, { query: '{ getA(id: "1") { x } }' });
      assert.match(seen, /"errors".*"subgraph":"g"/);
      if (/\d+ (MB|GB)/.test(name)) assert.match(seen, /too large|size larger/);
      assert.ok(process.memoryUsage().rss - before < 400_000_000, `${(process.memoryUsage().rss - before) >> 20} MB`);
      assert.match(await post(url, { query: '{ __typename }' }), /Query/);
    });

  for (const [name, proto] of Object.entries({
    'names of Object.prototype': PROTO.replace(
      'string x = 1;',
      'string x = 1; string __proto__ = 2; string constructor = 3; string hasOwnProperty = 4; string toString = 5;',
    ),
    'messages with such names': PROTO.replace(
      'message A',
      'message constructor { string a = 1; } message toString { string b = 1; } message A',
    ),
    'code in options': PROTO.replace(
      'string x = 1;',
      'string x = 1 [json_name = "x\\");globalThis.pwned=1;//", (evil) = "\\u0060+(globalThis.pwned=1)"];',
    ),
    'code in comments': `/* */ globalThis.pwned = 1; */ ${PROTO}`,
    'messages in each other': `syntax = "proto3"; ${'message M { '.repeat(2_000)} ${'}'.repeat(2_000)}`,
    'a million characters of nothing': `syntax = "proto3"; ${'message M { '.repeat(5)}${' '.repeat(1_000_000)}`,
    'a string without end': `syntax = "proto3"; import "${'\\"'.repeat(5_000)}`,
  }))
    it(`CVE-2026-41242: a proto file with ${name} runs nothing`, async (t) => {
      const start = performance.now();
      try {
        const { url } = await openProto(t, proto, 1);
        await post(url, { query: '{ getA(id: "1") { x } }' });
      } catch (error) {
        assert.match(String(error), /cannot be served|not valid/);
      }
      assert.ok(performance.now() - start < 5_000);
      assert.equal('pwned' in globalThis, false);
      assert.equal(typeof {}.constructor, 'function');
    });
});
