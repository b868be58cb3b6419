/** The server of `cacheHits.ts`, in a process of its own: `floor`, `floor-read`, `hit`, `parts` or `off`. Tells its port, and the time of its processor when it is asked. */
import { createServer } from 'node:http';
import { createGateway } from '../../src/server/createGateway.ts';

const SDL = 'type Query { products: [Product] } type Product @key(fields: "upc") { upc: ID! name: String price: Int }';
const [, , kind] = process.argv;
const products = Array.from({ length: 20 }, (_, n) => ({ upc: String(n), name: `Product ${n}`, price: n }));
const answer = JSON.stringify({ data: { products } });

async function listen(): Promise<string> {
  if (kind === 'floor' || kind === 'floor-read') {
    const type = { 'content-type': 'application/json', 'content-length': String(answer.length) };
    const caching = { 'cache-control': 'max-age=3600, public', 'cache-status': 'Weft; hit; ttl=3600', vary: 'Accept' };
    const headers = kind === 'floor' ? type : { ...caching, ...type };
    const server = createServer((request, response) => {
      let body: Buffer | undefined;
      if (kind === 'floor') request.resume();
      else request.on('data', (chunk: Buffer) => (body = chunk));
      request.on('end', () => {
        if (body !== undefined) JSON.parse(body.toString());
        response.writeHead(200, headers);
        response.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  }
  const gateway = await createGateway({
    subgraphs: [{ name: 'shop', url: 'http://127.0.0.1:1/graphql', schema: { sdl: SDL } }],
    ...(kind === 'off'
      ? {}
      : { response_cache: { subgraph: { all: { ttl: '1h' } }, whole_operations: kind === 'hit', headers: true } }),
    sources: {
      shop: { name: 'shop', visible: () => '', fetch: async () => ({ data: { products } }) },
    },
    state_directory: '/nonexistent',
    port: 0,
    log: { info() {}, warn() {}, error() {} },
  } as never);
  return (await gateway.listen()).url;
}

const url = await listen();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
// Whoever asked has left.
process.on('disconnect', () => process.exit());
process.send?.({ url });
