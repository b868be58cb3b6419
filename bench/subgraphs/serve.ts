/**
 * The subgraphs on one port, each under its name: `PORT=4410 node bench/subgraphs/serve.ts`. `DELAY_MS` holds each answer back.
 * `GET /stats` counts requests by subgraph, `GET /reset` begins anew.
 */
import { createAnswers } from './createAnswers.ts';
import { readSdl, SUBGRAPHS } from './readSdl.ts';
import { serveAnswers } from './serveAnswers.ts';

serveAnswers(
  SUBGRAPHS.map((name) => ({ name, sdl: readSdl(name), of: createAnswers(name).of })),
  { port: Number(process.env['PORT'] ?? 4410), delay: Number(process.env['DELAY_MS'] ?? 0) },
);
process.on('SIGTERM', () => process.exit(0));
