import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { isPassword, parsePasswordHash } from '../src/plugins/authentication/passwordHash.ts';
import { hashOf } from '../src/plugins/hashOf.ts';

const root = join(import.meta.dirname, '..');

async function weft(
  args: readonly string[],
  cwd = root,
  input = '',
): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'bin/weft.js'), ...args], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

test('help and version go to standard output with exit code 0', async () => {
  const [version, help, serve] = await Promise.all([weft(['--version']), weft(['--help']), weft(['serve', '--help'])]);
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
  for (const word of ['serve', 'dev', 'compose', 'plan', 'config schema', 'config validate', 'hash api-key'])
    assert.ok(help.out.includes(`  ${word} `));
  assert.match(serve.out, /--supergraph FILE/);
  assert.deepEqual([version.code, help.code, serve.code], [0, 0, 0]);
});

for (const [args, message] of [
  [['sevre'], 'weft: Unknown command "sevre"; did you mean "serve"?\n'],
  [['--verison'], 'weft: Unknown option "--verison"; did you mean "--version"?\n'],
  [['serve', '--prot', '1'], 'weft: Unknown option "--prot" of "weft serve"; did you mean "--port"?\n'],
  [['serve', '--port', '65536'], 'weft: Option "--port" needs an integer from 0 to 65535; got "65536".\n'],
  [['serve', '--host'], 'weft: Option "--host" needs a value.\n'],
  [['config'], 'weft: Expected "weft config schema" or "weft config validate".\n'],
  [['hash'], 'weft: Expected "weft hash api-key" or "weft hash password".\n'],
  [['hash', 'pasword'], 'weft: Unknown command "hash pasword"; did you mean "hash password"?\n'],
  [['hash', 'password'], 'weft: Expected a password by standard input; it was empty.\n'],
  [
    ['config', 'validate', 'x'],
    'weft: Unexpected argument "x" of "weft config validate"; see "weft config validate --help".\n',
  ],
  [['plan'], 'weft: Option "--operation FILE" is required.\n'],
] as const) {
  test(`"weft ${args.join(' ')}" is one line of error and exit code 2`, async () => {
    assert.deepEqual(await weft(args), { code: 2, out: '', err: message });
  });
}

test('"weft config schema" prints a JSON Schema', async () => {
  const { code, out } = await weft(['config', 'schema']);
  assert.equal(code, 0);
  assert.match(out, /"additionalProperties": false/);
});

test('"weft config validate" says yes, or lists the problems with exit code 3', async () => {
  const [good, none] = await Promise.all([weft(['config', 'validate']), weft(['config', 'validate'], tmpdir())]);
  assert.deepEqual(good, { code: 0, out: 'weft.config.yaml is valid: 5 subgraphs.\n', err: '' });
  assert.equal(none.code, 3);
  assert.match(none.err, /Expected a configuration in/);
});

test('"weft hash" makes what the configuration takes', async () => {
  const [made, again] = await Promise.all([weft(['hash', 'api-key']), weft(['hash', 'api-key'])]);
  const [, key = '', hash = ''] = /^key: {2}(weft_\S{43})\nhash: sha256:([0-9a-f]{64})\n$/.exec(made.out) ?? [];
  assert.equal(await hashOf(key), hash);
  assert.notEqual(made.out, again.out);
  const { out } = await weft(['hash', 'password'], root, 'open sesame\n');
  const parsed = parsePasswordHash(out.trim());
  assert.ok(parsed !== undefined && (await isPassword('open sesame', parsed)));
  assert.ok(parsed !== undefined && !(await isPassword('open sesam', parsed)));
});
