/**
 * A subgraph that pushes events (`events.graphql`) over WebSocket, graphql-transport-ws: `PORT=4411 node bench/subgraphs/events.ts`.
 * `POST /push` sends the next one to each subscriber and answers its number; `GET /subscribers` counts these. Equal documents share one answer.
 */
import { createServer } from 'node:http';
import { buildSchema, type ExecutionResult, parse, subscribe } from 'graphql';
import { type WebSocket, WebSocketServer } from 'ws';
import { products } from './data.ts';
import { readSdl } from './readSdl.ts';

interface Subscriber {
  readonly socket: WebSocket;
  readonly id: string;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly query: string };
}

const schema = buildSchema(
  `type Query { unused: Int }${readSdl('events')
    .replace(/extend schema.*\n/, '')
    .replace(/@key\([^)]*\)/, '')}`,
);
/** By the text of the document. */
const subscribers = new Map<string, Set<Subscriber>>();
let number = 0;

async function answerOf(query: string): Promise<string> {
  const product = products[number % products.length];
  const ticked = async function* () {
    yield { ticked: { number, product } };
  };
  const events = (await subscribe({ schema, document: parse(query), rootValue: { ticked } })) as AsyncGenerator;
  if (!(Symbol.asyncIterator in events)) return JSON.stringify(events);
  return JSON.stringify((await events.next()).value as ExecutionResult);
}

async function push(): Promise<number> {
  number += 1;
  for (const [query, those] of subscribers) {
    const payload = await answerOf(query);
    for (const { socket, id } of those) socket.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${payload}}`);
  }
  return number;
}

function serve(socket: WebSocket): void {
  const own = new Map<string, () => void>();
  const leave = (id: string) => {
    own.get(id)?.();
    own.delete(id);
  };
  socket.on('message', (data) => {
    const { type, id = '', payload } = JSON.parse(String(data)) as Message;
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    else if (type === 'ping') socket.send('{"type":"pong"}');
    else if (type === 'complete') leave(id);
    else if (type === 'subscribe' && payload !== undefined) {
      const those = subscribers.get(payload.query) ?? new Set();
      const one = { socket, id };
      subscribers.set(payload.query, those.add(one));
      own.set(id, () => those.delete(one));
    }
  });
  socket.on('close', () => {
    for (const id of [...own.keys()]) leave(id);
  });
}

const server = createServer(async (request, response) => {
  const count = () => [...subscribers.values()].reduce((sum, those) => sum + those.size, 0);
  response.end(String(request.url === '/push' ? await push() : count()));
});
new WebSocketServer({ server, handleProtocols: () => 'graphql-transport-ws' }).on('connection', serve);
server.listen(Number(process.env['PORT'] ?? 4411), '127.0.0.1', 4096);
process.on('SIGTERM', () => process.exit(0));
