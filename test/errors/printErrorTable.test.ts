import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { printErrorTable } from '../../src/errors/printErrorTable.ts';

it('docs/errors.md is current', async () => {
  const file = new URL('../../docs/errors.md', import.meta.url);
  assert.equal(
    await readFile(file, 'utf8'),
    printErrorTable(),
    'Run: node src/errors/printErrorTable.ts > docs/errors.md',
  );
});
