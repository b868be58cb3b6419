import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Backend, BackendOptions } from '../Backend.ts';
import { warehouses } from '../data/createStock.ts';
import { closeServer } from '../server/closeServer.ts';
import { createRequestLog } from '../server/createRequestLog.ts';
import { listen } from '../server/listen.ts';
import { createInventory, type Inventory } from './createInventory.ts';
import { ProblemError } from './ProblemError.ts';

/** The inventory service: REST as schemas/inventory.openapi.yaml says; its default port is 4104. */
export async function startInventory(options: BackendOptions = {}): Promise<Backend> {
  const { host = '127.0.0.1' } = options;
  const record = createRequestLog();
  const inventory = createInventory();
  const server = createServer((request, response) => {
    record.add(`${request.method} ${request.url}`);
    void answer(inventory, request, response);
  });
  const port = await listen(server, 'inventory', host, options.port ?? 4104);
  return {
    name: 'inventory',
    url: `http://${host}:${port}`,
    port,
    requests: record.requests,
    log: record.log,
    reset: record.reset,
    close: () => closeServer(server),
  };
}

async function answer(inventory: Inventory, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, 'application/json', await route(inventory, request));
  } catch (error) {
    const problem = error instanceof ProblemError ? error : new ProblemError(500, 'Fault', 'The service has a fault.');
    const { status, title, message: detail } = problem;
    send(response, status, 'application/problem+json', {
      type: 'about:blank',
      title,
      status,
      detail,
      instance: request.url,
    });
  }
}

async function route(inventory: Inventory, request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://inventory');
  const [resource, upc, action, ...rest] = url.pathname.slice(1).split('/').map(decode);
  const endpoint = `${request.method} ${resource}${upc === undefined ? '' : '/{upc}'}${action === undefined ? '' : `/${action}`}`;
  if (rest.length === 0) {
    if (endpoint === 'GET warehouses') return warehouses;
    if (endpoint === 'GET stock')
      return inventory.several((url.searchParams.get('upcs') ?? '').split(',').filter((text) => text !== ''));
    if (endpoint === 'GET stock/{upc}') return inventory.one(upc ?? '');
    if (endpoint === 'POST stock/{upc}/adjustments') return inventory.adjust(upc ?? '', await readBody(request));
  }
  throw new ProblemError(404, 'Not found', `There is nothing at "${request.method} ${url.pathname}".`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ProblemError(400, 'Unreadable path', `"${segment}" is not percent-encoded text.`);
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  try {
    return await json(request);
  } catch {
    throw new ProblemError(400, 'Unreadable body', 'The body is not JSON.');
  }
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}
