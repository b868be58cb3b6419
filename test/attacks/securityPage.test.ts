import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([^|]+) \|.*\| \[(\w+)\]\(\.\.\/(test\/attacks\/\w+\.test\.ts)\) \|$/gm)].map(
  ([, flaw = '', name = '', file = '']) => ({ flaw, name, file }),
);

/** Whether a text of the file, such as the name of a test, begins with the flaw, or with several of which it is one. */
const names = (source: string, flaw: string) =>
  new RegExp(`['"\`](?:[\\w-]+, )*${RegExp.escape(flaw)}[:,]`).test(source);

describe('the page about security', () => {
  it('has a row for each of the flaws, and nothing twice', () => {
    assert.ok(rows.length >= 45, `${rows.length} rows`);
    assert.equal(rows.length, page.split('\n').filter((line) => line.includes('.test.ts')).length);
    assert.equal(new Set(rows.map(({ flaw }) => flaw)).size, rows.length);
  });

  for (const { flaw, name, file } of rows)
    it(`has a test for ${flaw}`, () => {
      assert.equal(file, `test/attacks/${name}.test.ts`);
      assert.ok(
        names(readFileSync(join(root, file), 'utf8'), flaw),
        `no test in ${file} has a name that begins with "${flaw}:"`,
      );
    });

  it('has a row for each flaw that a test is named after', () => {
    const known = new Set(rows.map(({ flaw }) => flaw));
    for (const file of globSync('test/attacks/*.test.ts', { cwd: root }))
      for (const [, flaws = ''] of readFileSync(join(root, file), 'utf8').matchAll(
        /['"`]((?:(?:CVE-\d+-\d+|GHSA-\w+)(?:, )?)+)[:,]/g,
      ))
        for (const flaw of flaws.split(', '))
          assert.ok(known.has(flaw), `"${flaw}" of ${file} is not in docs/security.md`);
  });
});
