/**
 * `npm run bench:micro`: one question a file, each answered by a table; `npm run bench:micro -- planning dedupe` asks those alone.
 * Each runs in a process of its own: what one makes V8 learn must not help or harm the next.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const QUESTIONS = [
  'planning',
  'projection',
  'representations',
  'dedupe',
  'upstream',
  'plugins',
  'frontDoor',
  'rateLimits',
  'threats',
  'bodies',
  'demand',
  'cacheHits',
  'manyKeys',
  'coldStart',
] as const;

const [, , ...asked] = process.argv;

if (asked[0] === '--alone' && asked[1] !== undefined) {
  const { default: ask } = (await import(`./${asked[1]}.ts`)) as { readonly default: () => Promise<string> };
  console.log(`${await ask()}\n`);
} else {
  const unknown = asked.find((name) => !QUESTIONS.some((one) => one === name));
  if (unknown !== undefined) {
    console.error(`Expected names of ${QUESTIONS.join(', ')}; got "${unknown}".`);
    process.exitCode = 2;
  } else {
    const file = fileURLToPath(import.meta.url);
    for (const name of asked.length > 0 ? asked : QUESTIONS) {
      const { status } = spawnSync(process.execPath, [file, '--alone', name], { stdio: 'inherit' });
      if (status !== 0) process.exitCode = 1;
    }
  }
}
