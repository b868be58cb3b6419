/** The benchmark's four subgraphs over HTTP, in a thread of their own: posts its port, and with each message since how often each was asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parentPort } from 'node:worker_threads';
import { createAnswers } from '../../../bench/subgraphs/createAnswers.ts';
import { SHOP } from '../../../bench/subgraphs/readSdl.ts';

const answers = new Map(SHOP.map((name) => [`/${name}`, createAnswers(name)]));
let asked: string[] = [];

const server = createServer(async (request, response) => {
  const path = request.url ?? '';
  asked.push(path.slice(1));
  response.setHeader('content-type', 'application/json');
  response.end(answers.get(path)?.of(await text(request)));
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
parentPort?.on('message', () => {
  parentPort?.postMessage(asked);
  asked = [];
});
