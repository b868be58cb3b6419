/** The gateway that is built first: the stitched schema of a supergraph under GraphQL Yoga; packages from `PEER_HOME`. `SHARES=nothing` sends each subgraph request by itself. */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';

interface Federation {
  readonly getStitchedSchemaFromSupergraphSdl: (options: {
    readonly supergraphSdl: string;
    readonly httpExecutorOpts?: { readonly deduplicateInflightRequests: boolean };
  }) => object;
}
interface Yoga {
  readonly createYoga: (options: { readonly schema: object; readonly graphiql: boolean }) => RequestListener;
}

const load = createRequire(`${process.env['PEER_HOME']}/package.json`);
const { getStitchedSchemaFromSupergraphSdl } = load('@graphql-tools/federation') as Federation;
const { createYoga } = load('graphql-yoga') as Yoga;

const schema = getStitchedSchemaFromSupergraphSdl({
  supergraphSdl: readFileSync(process.env['SUPERGRAPH'] ?? '', 'utf8'),
  ...(process.env['SHARES'] === 'nothing' ? { httpExecutorOpts: { deduplicateInflightRequests: false } } : {}),
});
createServer(createYoga({ schema, graphiql: false })).listen(Number(process.env['PORT']), '127.0.0.1');
