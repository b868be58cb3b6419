import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { configJsonSchema } from '../../src/config/configJsonSchema.ts';
import { configurationReference } from '../../src/config/configurationReference.ts';

test('docs/configuration.md is what the definition says (UPDATE_GOLDEN=1 writes it)', () => {
  const file = new URL('../../docs/configuration.md', import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, configurationReference());
  assert.equal(readFileSync(file, 'utf8'), configurationReference());
});

test('the JSON Schema refuses unknown keys and describes known ones', () => {
  const schema = configJsonSchema();
  assert.equal(schema.additionalProperties, false);
  const port = schema.properties?.['port'];
  assert.ok(typeof port === 'object');
  assert.equal(port.description, 'Port to listen on; 0 takes a free one.');
  assert.equal(port.default, 4000);
});
