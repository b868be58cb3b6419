/**
 * The five services of the demo shop on `PORT` + 1 to `PORT` + 5, their requests counted on `PORT`: `GET /stats`, `GET /reset`.
 * They are the demo's own, of GraphQL (federated and plain), REST and gRPC.
 */
import { createServer } from 'node:http';
import { startBackends } from '../../subgraphs/startBackends.ts';

const port = Number(process.env['PORT'] ?? 4420);
const backends = await startBackends({
  accounts: port + 1,
  products: port + 2,
  reviews: port + 3,
  inventory: port + 4,
  shipping: port + 5,
});

createServer((request, response) => {
  const each = Object.values(backends);
  if (request.url === '/reset') for (const backend of each) backend.reset();
  response.end(JSON.stringify(Object.fromEntries(each.map((backend) => [backend.name, backend.requests()]))));
}).listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
