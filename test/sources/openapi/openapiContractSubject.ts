import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOpenapiSource } from '../../../src/sources/openapi/createOpenapiSource.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import type { BackendBehaviour, ContractBackend, ContractSubject } from '../contract.ts';

const document = `
openapi: 3.1.0
info: { title: Things, version: '1' }
paths:
  /things/{id}:
    get:
      operationId: thing
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: id } }]
      responses: { '200': { description: Found, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
  /broken:
    get:
      operationId: broken
      responses: { '200': { description: Found, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
  /caller:
    get:
      operationId: caller
      responses: { '200': { description: Found, content: { application/json: { schema: { type: string } } } } }
components:
  schemas:
    Thing: { type: object, required: [id], properties: { id: { type: string, format: id }, name: { type: string } } }
`;

/** A REST service described by OpenAPI. It cannot push. */
export const openapiContractSubject: ContractSubject = {
  start,
  createSource(t, options) {
    const http = createHttpClient();
    t.after(() => http.close());
    return createOpenapiSource({ ...options, definition: { source: { kind: 'openapi', document } }, http });
  },
  query: {
    document: 'query ($id: ID!) { thing(id: $id) { id name } }',
    variables: '{"id":"1"}',
    data: { thing: { id: '1', name: 'Thing 1' } },
  },
  failing: { document: '{ broken { id } }', path: ['broken'] },
  caller: { document: '{ caller }' },
};

async function start(behaviour: BackendBehaviour): Promise<ContractBackend> {
  const arrived = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    arrived.resolve();
    if (behaviour === 'healthy') answerHealthy(request, response);
    if (behaviour === 'garbage') response.setHeader('content-type', 'application/json').end('{"id":');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrived: arrived.promise,
    async kill() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answerHealthy: RequestListener = (request, response) => {
  const [, resource, id] = (request.url ?? '').split('/');
  const send = (status: number, type: string, body: unknown) =>
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  if (resource === 'things') send(200, 'application/json', { id, name: `Thing ${id}` });
  else if (resource === 'caller') send(200, 'application/json', request.headers['x-caller'] ?? null);
  else send(500, 'application/problem+json', { title: 'It broke', status: 500 });
};
