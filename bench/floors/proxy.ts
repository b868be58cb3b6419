/** The least that a gateway can do with a request for one subgraph: `node:http`, one `undici` request, the answer as it is. */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.env['UPSTREAM'] ?? '', { connections: 50, pipelining: 1 });
const headers = { 'content-type': 'application/json' };

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const reply = await pool.request({ path: '/accounts', method: 'POST', headers, body: Buffer.concat(chunks) });
    const body = Buffer.from(await reply.body.arrayBuffer());
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
