import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function run(name: string, ...args: string[]) {
  const main = fileURLToPath(new URL(`../../subgraphs/${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  return child;
}

for (const name of ['accounts', 'products', 'reviews', 'inventory', 'shipping']) {
  test(`${name} starts alone, says where it listens, and ends with code 0 on SIGTERM`, async () => {
    const child = run(name, '--port', '0');
    const [line] = (await once(child.stdout, 'data')) as [string];
    assert.match(line, new RegExp(`^${name} listens at .*127\\.0\\.0\\.1:\\d+`));
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
}

test('a port that is no port is one clear line and exit code 1', async () => {
  const child = run('inventory', '--port', 'x');
  const [[text], [code]] = await Promise.all([once(child.stderr, 'data'), once(child, 'exit')]);
  assert.equal(text, '"--port" takes a whole number from 0 to 65535, not "x".\n');
  assert.equal(code, 1);
});
