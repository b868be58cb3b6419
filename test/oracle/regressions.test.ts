import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCase, tryCase } from './Case.ts';

/** What random cases have found, each shrunk and named for what was wrong. */
const FOLDER = join(import.meta.dirname, 'regressions');

for (const file of readdirSync(FOLDER).toSorted()) {
  test(file.replace(/\.graphql$/, '').replaceAll('-', ' '), async () => {
    assert.equal(await tryCase(readCase(readFileSync(join(FOLDER, file), 'utf8'))), undefined);
  });
}
