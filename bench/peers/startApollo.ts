/** Apollo Gateway under Apollo Server's own HTTP server; packages from `PEER_HOME`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Apollo {
  readonly ApolloGateway: new (options: { readonly supergraphSdl: string }) => object;
  readonly ApolloServer: new (options: { readonly gateway: object }) => object;
  readonly startStandaloneServer: (
    server: object,
    options: { readonly listen: { readonly port: number; readonly host: string } },
  ) => Promise<unknown>;
}

const load = createRequire(`${process.env['PEER_HOME']}/package.json`);
const apollo = ['@apollo/gateway', '@apollo/server', '@apollo/server/standalone'].map(
  (name) => load(name) as Partial<Apollo>,
);
const { ApolloGateway, ApolloServer, startStandaloneServer } = Object.assign({}, ...apollo) as Apollo;

const supergraphSdl = readFileSync(process.env['SUPERGRAPH'] ?? '', 'utf8');
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
await startStandaloneServer(server, { listen: { port: Number(process.env['PORT']), host: '127.0.0.1' } });
