import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';

const root = join(import.meta.dirname, '..');

/** A package of its own with bin/weft.js in it and a main that answers signals; the Node on which the launcher runs claims to be old. */
function launcher(t: TestContext, main: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'weft-bin-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const folder of ['bin', 'dist', 'node_modules']) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'old.mjs'), 'Object.defineProperty(process.versions, "node", { value: "20.0.0" });\n');
  writeFileSync(join(directory, 'dist', 'main.js'), main);
  copyFileSync(join(root, 'bin', 'weft.js'), join(directory, 'bin', 'weft.js'));
  symlinkSync(join(root, 'node_modules', 'node'), join(directory, 'node_modules', 'node'));
  return directory;
}

function start(directory: string, args: readonly string[] = []): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['--import', join(directory, 'old.mjs'), join(directory, 'bin', 'weft.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
  });
}

test('an older Node runs dist/main.js on the pinned one, with the arguments and its exit code', async (t) => {
  const child = start(launcher(t, 'console.log(process.versions.node, process.argv[2]); process.exitCode = 3;'), ['x']);
  assert.ok(child.stdout);
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(out, `${process.versions.node} x\n`);
  assert.equal(code, 3);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} goes on to the child`, async (t) => {
    const main = `process.on('${signal}', () => { process.exitCode = 7; clearInterval(timer); }); const timer = setInterval(() => {}, 1000); console.log('ready');`;
    const child = start(launcher(t, main));
    assert.ok(child.stdout);
    await once(child.stdout, 'data');
    child.kill(signal);
    assert.equal((await once(child, 'close'))[0], 7);
  });
}

test('a child that a signal ends gives 128 + signal', async (t) => {
  const child = start(launcher(t, "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);"));
  assert.equal((await once(child, 'close'))[0], 137);
});
