import { fileURLToPath } from 'node:url';
import type { Gateway } from './Gateway.ts';

const script = (name: string) => fileURLToPath(new URL(`../floors/${name}.ts`, import.meta.url));
const about = { shares: 'nothing', version: `Node ${process.versions.node}`, settings: 'own code' } as const;

/** What no gateway in JavaScript can go below. */
export const floors: readonly Gateway[] = [
  {
    ...about,
    id: 'proxy',
    name: 'one-hop proxy (`node:http`, undici)',
    asks: ({ letter }) => ['B', 'B@1'].includes(letter),
    start: ({ port, scene }) => ({
      command: [process.execPath, script('proxy')],
      env: { PORT: String(port), UPSTREAM: scene.control },
    }),
  },
  {
    ...about,
    id: 'by-hand',
    name: 'written by hand for this query (`node:http`, undici)',
    asks: ({ letter }) => ['A', 'A@1', 'C', 'C@1'].includes(letter),
    start: ({ port, scene, letter }) => ({
      command: [process.execPath, script('byHand')],
      env: { PORT: String(port), UPSTREAM: scene.control, LETTER: letter.slice(0, 1) },
    }),
  },
  {
    ...about,
    id: 'constant',
    name: 'constant answer (`node:http`)',
    asks: ({ letter }) => ['A', 'A@1', 'B', 'B@1'].includes(letter),
    start: ({ port, answerFile }) => ({
      command: [process.execPath, script('constant')],
      env: { PORT: String(port), ANSWER: answerFile },
    }),
  },
];
