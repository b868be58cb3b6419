import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { putSection } from '../../bench/results/putSection.ts';
import { writeSection } from '../../bench/results/writeSection.ts';

test('a section that is new comes last', () => {
  assert.equal(putSection('# Results\n', 'table', 'one'), '# Results\n\n<!-- table -->\n\none\n\n<!-- /table -->\n');
});

test('a section that is there is replaced where it stands, and its neighbours stay', () => {
  const text = putSection(putSection('# Results\n', 'table', 'one'), 'growth', 'linear');
  const changed = putSection(text, 'table', 'two $& three');
  assert.equal(
    changed,
    text.replace('one', () => 'two $& three'),
  );
});

test('sections of two writers share a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weft-bench-'));
  const file = join(folder, 'results.md');
  try {
    writeSection('table', 'one', file);
    writeSection('growth', 'linear', file);
    writeSection('table', 'two', file);
    assert.equal(readFileSync(file, 'utf8'), putSection(putSection('# Results\n', 'table', 'two'), 'growth', 'linear'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
