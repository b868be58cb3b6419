import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatIssue } from '../../../src/errors/Issue.ts';
import { protoToSubgraph } from '../../../src/sources/grpc/protoToSubgraph.ts';
import { openapiToSubgraph } from '../../../src/sources/openapi/openapiToSubgraph.ts';

const folder = new URL('../../golden/conversions/', import.meta.url);
const isRewriting = process.env['WEFT_UPDATE_GOLDENS'] === '1';

async function convert(directory: URL, files: readonly string[]) {
  if (files.includes('openapi.yaml')) {
    return openapiToSubgraph({ name: 'things', document: readFileSync(new URL('openapi.yaml', directory), 'utf8') });
  }
  const entry = files.filter((file) => file.endsWith('.proto'));
  const texts = entry.map((file) => [file, readFileSync(new URL(file, directory), 'utf8')] as const);
  return protoToSubgraph({ name: 'things', url: '127.0.0.1:1', files: Object.fromEntries(texts), entry });
}

for (const name of readdirSync(folder).sort()) {
  test(`The specification "${name}" is converted as its golden file says.`, async () => {
    const directory = new URL(`${name}/`, folder);
    const files = readdirSync(directory);
    const result = await convert(directory, files);
    const text = 'subgraph' in result ? `${result.subgraph.sdl}\n` : `${result.issues.map(formatIssue).join('\n')}\n`;
    const golden = new URL('subgraph' in result ? 'schema.graphql' : 'issues.txt', directory);
    if (isRewriting) {
      writeFileSync(golden, text);
    }
    assert.ok(existsSync(golden), `"${name}" has no golden file`);
    assert.equal(text, readFileSync(golden, 'utf8'));
    assert.equal(files.filter((file) => /^(schema\.graphql|issues\.txt)$/.test(file)).length <= 1, true);
  });
}
