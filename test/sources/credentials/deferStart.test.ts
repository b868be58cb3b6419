import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createGateway } from '../../../src/server/createGateway.ts';
import { deferStart } from '../../../src/sources/credentials/deferStart.ts';

describe('a subscription that waits for its credentials', () => {
  it('ends with what its start throws', async () => {
    const ended = Promise.withResolvers<unknown>();
    deferStart({ end: (failure) => ended.resolve(failure?.error) }, async () => () => {
      throw new Error('does not fit');
    });
    assert.match(String(await ended.promise), /does not fit/);
  });

  it('ends with arguments that do not fit, of a client to a gateway that lives on', { timeout: 20_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-proto-'));
    const proto = join(folder, 's.proto');
    await writeFile(
      proto,
      `syntax = "proto3"; package s;
      service S { rpc GetA(Q) returns (R); rpc Watch(Q) returns (stream R); }
      message Q { bytes b = 1; }
      message R { int32 id = 1; }`,
    );
    const internal_jwt = { issuer: 'weft', keys: [{ id: 'a', algorithm: 'HS256', secret: 'x'.repeat(40) }] };
    const gateway = await createGateway({
      port: 0,
      subgraphs: [{ name: 'a', url: 'http://127.0.0.1:9', schema: { proto } }],
      subgraph_authentication: { all: { internal_jwt } },
      log: { info() {}, warn() {}, error() {} },
    } as never);
    try {
      const { url } = await gateway.listen();
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
      const body = JSON.stringify({ query: 'subscription { watch(b: "%%%") { id } }' });
      for (let times = 0; times < 2; times += 1)
        assert.match(
          await (await fetch(url, { method: 'POST', headers, body })).text(),
          /do not fit the request message/,
        );
    } finally {
      await gateway.close();
      await rm(folder, { recursive: true });
    }
  });
});
