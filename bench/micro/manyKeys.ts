/** How much memory do a million different callers, entities or documents take? Each in a process of its own, after garbage collection; 100,000 first, then a million. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const KINDS = [
  ['limits', 'callers of a rate limit, `max_keys: 100000`'],
  ['parts', 'entities that are remembered, `max_size: 64MB`'],
  ['documents', 'automatic persisted queries of 300 characters, `max_size: 16777216` characters'],
] as const;

interface Used {
  /** MB. */
  readonly heap: number;
  readonly rss: number;
}

export default async function manyKeys(): Promise<string> {
  const lines: string[] = [];
  for (const [kind, name] of KINDS) {
    const child = fork(fileURLToPath(new URL('./keepKeys.ts', import.meta.url)), [kind], { execArgv: ['--expose-gc'] });
    const before = await answerTo(child, 0);
    const some = await answerTo(child, 100_000);
    const all = await answerTo(child, 1_000_000);
    child.kill();
    const heap = (used: Used) => (used.heap - before.heap).toFixed(0);
    const rss = (used: Used) => (used.rss - before.rss).toFixed(0);
    lines.push(`| ${name} | ${heap(some)} | ${rss(some)} | ${heap(all)} | ${rss(all)} |`);
  }
  return [
    '| MB more than before | heap, 100,000 | resident | heap, 1,000,000 | resident |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** Once so many keys have come. */
async function answerTo(child: ChildProcess, keys: number): Promise<Used> {
  child.send(keys);
  const [used] = (await once(child, 'message')) as [Used];
  return used;
}
