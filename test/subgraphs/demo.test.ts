import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../subgraphs/demo.ts', import.meta.url));
const free = {
  WEFT_PORT: '0',
  ACCOUNTS_PORT: '0',
  PRODUCTS_PORT: '0',
  REVIEWS_PORT: '0',
  INVENTORY_PORT: '0',
  SHIPPING_PORT: '0',
};

function start(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...free, ...environment },
  });
  child.stdout.setEncoding('utf8');
  return child;
}

/** What the process printed up to the text; rejects where it ends before. */
function outputUntil(child: ChildProcessByStdio<null, Readable, Readable>, wanted: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: string) => {
      output += chunk;
      if (output.includes(wanted)) resolve(output);
    });
    child.once('exit', (code) => reject(new Error(`The demo ended with code ${code} after printing:\n${output}`)));
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`the demo shows its services, a plan and an answer, stays up, and ends with code 0 on ${signal}`, {
    timeout: 30_000,
  }, async () => {
    const child = start({});
    const errors = text(child.stderr);
    const output = await outputUntil(child, 'Ctrl-C');
    assert.match(
      output,
      /SERVICE +KIND +LISTENS AT\n {2}accounts .*\n {2}products .*\n {2}reviews .*\n {2}inventory .*\n {2}shipping .*\n {2}gateway /,
    );
    assert.match(output, /Its plan:\n\n.*\w/);
    assert.match(output, /Its answer:\n\n {2}\{\n {4}"data": \{\n {6}"topProducts": \[/);
    assert.doesNotMatch(output, /"errors"/);
    const url = /GraphiQL with more examples: (\S+)/.exec(output)?.[1] ?? '';
    const accountsUrl = /accounts .* (http\S+)/.exec(output)?.[1] ?? '';
    const query = `${url}?query=${encodeURIComponent('{ me { name } }')}`;
    assert.equal((await fetch(query)).status, 200);
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(await errors, '');
    await assert.rejects(fetch(query));
    await assert.rejects(fetch(accountsUrl));
  });
}

for (const variable of ['ACCOUNTS_PORT', 'SHIPPING_PORT', 'WEFT_PORT']) {
  test(`where the port of ${variable} is taken, the demo says which and how to choose another, and ends with code 1`, {
    timeout: 30_000,
  }, async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    assert.ok(typeof address === 'object' && address !== null);
    const child = start({ [variable]: String(address.port) });
    const [message, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    holder.close();
    assert.match(message, new RegExp(`${address.port}.*(--port|${variable})`));
    assert.doesNotMatch(message, /\n {4}at /);
    assert.equal(code, 1);
  });
}

test('a port in the environment that is no port is one clear message and exit code 1', async () => {
  const child = start({ REVIEWS_PORT: 'many' });
  const [message, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(message, 'REVIEWS_PORT takes a whole number from 0 to 65535, not "many".\n');
  assert.equal(code, 1);
});
