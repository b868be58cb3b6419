#!/usr/bin/env node
/**
 * The `weft` command on any Node from 20 on: finds the Node that the package pins and runs src/main.ts (a checkout) or dist/main.js
 * (an installed package) on it. Signals go to the child; its exit code comes back, 128 + signal where one ended it.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OWN_NODE_IS_ENOUGH = 26;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src', 'main.ts');
const main = existsSync(source) ? source : join(root, 'dist', 'main.js');

function findNode() {
  const manifest = createRequire(import.meta.url).resolve('node/package.json');
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node);
}

function runOn(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends SIGINT to both; the child takes a second one of the same kind for the same stop.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`weft: Expected the Node that comes with the package; "${node}" cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** npx hands a signal to a shell between it and this process, which dies of it alone: what was said to npx is the end of that shell. */
function stopWithShell() {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

if (process.env.npm_command === 'exec') stopWithShell();
if (Number.parseInt(process.versions.node, 10) >= OWN_NODE_IS_ENOUGH) {
  process.argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  runOn(findNode());
}
