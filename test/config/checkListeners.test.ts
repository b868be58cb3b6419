import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { IssuesError } from '../../src/errors/Issue.ts';

const subgraphs = [{ name: 'a', url: 'http://127.0.0.1:1', schema: { sdl: 'type Query { a: Int }' } }];
const metrics = (listen?: string, enabled = true) => ({
  telemetry: { exporters: { metrics: { prometheus: { enabled, ...(listen === undefined ? {} : { listen }) } } } },
});
const cache = (listen: string) => ({
  response_cache: { invalidation: { listen, shared_key: 'a secret of some length' } },
});

async function problems(input: object): Promise<readonly string[]> {
  try {
    await loadConfig({ directory: process.cwd(), input: { subgraphs, ...input } });
    return [];
  } catch (error) {
    if (!(error instanceof IssuesError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('checkListeners', () => {
  it('tells servers that would listen at one port', async () => {
    const place = 'telemetry.exporters.metrics.prometheus.listen: Expected a port of its own;';
    assert.deepEqual(await problems({ port: 9090, ...metrics() }), [`${place} 9090 is also that of "port".`]);
    assert.deepEqual(await problems(metrics('127.0.0.1:4000')), [`${place} 4000 is also that of "port".`]);
    assert.deepEqual(await problems({ host: '0.0.0.0', ...metrics('127.0.0.1:4000') }), [
      `${place} 4000 is also that of "port".`,
    ]);
    assert.deepEqual(await problems({ host: '::1', ...metrics('[::1]:4000') }), [
      `${place} 4000 is also that of "port".`,
    ]);
    assert.deepEqual(await problems({ ...metrics(), ...cache('127.0.0.1:9090') }), [
      'response_cache.invalidation.listen: Expected a port of its own; 9090 is also that of "telemetry.exporters.metrics.prometheus.listen".',
    ]);
  });

  it('has nothing against any other', async () => {
    assert.deepEqual(await problems({ ...metrics(), ...cache('127.0.0.1:4009') }), []);
    assert.deepEqual(await problems(metrics('127.0.0.1:4000', false)), []);
    assert.deepEqual(await problems(metrics('127.0.0.2:4000')), []);
    assert.deepEqual(await problems({ port: 0, ...metrics('127.0.0.1:0') }), []);
  });
});
