/** Subgraphs without data on one port: `PORT=4410 GRAPH=graph.json node bench/growth/serve.ts`, a list of names and documents in the file. */
import { readFileSync } from 'node:fs';
import type { Document } from '../subgraphs/composeGraph.ts';
import { createSynthetic } from '../subgraphs/createSynthetic.ts';
import { serveAnswers } from '../subgraphs/serveAnswers.ts';

const documents = JSON.parse(readFileSync(process.env['GRAPH'] ?? '', 'utf8')) as readonly Document[];

serveAnswers(
  documents.map((document) => ({ ...document, of: createSynthetic(document.sdl).of })),
  { port: Number(process.env['PORT'] ?? 4410), delay: 0 },
);
process.on('SIGTERM', () => process.exit(0));
