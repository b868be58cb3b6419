import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { buildSchema } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import type { SubgraphConfig } from '../../src/config/Config.ts';
import { IssuesError } from '../../src/errors/Issue.ts';
import { loadSubgraph } from '../../src/sources/loadSubgraph.ts';
import { createHttpClient } from '../../src/upstream/createHttpClient.ts';

const sdl = 'type Query { thing: Thing }\ntype Thing { id: ID! }\n';

test('An SDL file becomes a subgraph with its merge configuration and subscriptions.', async (t) => {
  const merge = { Thing: [{ selectionSet: '{ id }', fieldName: 'thing' }] };
  const subscriptions = { protocol: 'ws' as const };
  const subgraph = await load(
    t,
    { schema: { kind: 'file', file: '/a.graphql' }, merge, subscriptions },
    { '/a.graphql': sdl },
  );
  assert.deepEqual(subgraph, {
    name: 'things',
    url: 'http://127.0.0.1:1/graphql',
    sdl,
    definition: { source: { kind: 'graphql', subscriptions }, merge },
  });
});

test('SDL of Federation 1 and 2 is taken as it is.', async (t) => {
  const federated = [
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"]) type A @key(fields: "id") { id: ID! }',
    'extend type Product @key(fields: "upc") { upc: String! @external reviews: [String] } extend type Query { a: Product }',
    'directive @key(fields: _FieldSet!) on OBJECT type A @key(fields: "id") { id: ID! } type Query { _entities(representations: [_Any!]!): [_Entity]! }',
  ];
  for (const text of federated) {
    assert.equal((await load(t, { schema: { kind: 'sdl', sdl: text } })).sdl, text);
  }
});

test('A syntax error is an issue with file and line.', async (t) => {
  const error = await failure(
    load(t, { schema: { kind: 'file', file: '/a.graphql' } }, { '/a.graphql': 'type Query {\n  a: \n}' }),
  );
  assert.equal(error.issues.length, 1);
  const [issue] = error.issues;
  assert.equal(issue?.file, '/a.graphql');
  assert.equal(issue?.line, 3);
  assert.deepEqual(issue?.subgraphs, ['things']);
  assert.match(error.message, /Subgraph "things" cannot be loaded\.\n {2}- \/a\.graphql:3:1: Syntax Error/);
});

test('All unknown and doubled types are named, each with its line.', async (t) => {
  const text = 'type Query {\n  a: Missing\n  b: Gone\n}\ntype A { a: Int }\ntype A { b: Int }\n';
  const error = await failure(load(t, { schema: { kind: 'sdl', sdl: text } }));
  assert.deepEqual(
    error.issues.map((issue) => `${issue.line} ${issue.message}`),
    [
      '6 Type "A" is defined twice.',
      '2 Type "Missing" is used, but not defined.',
      '3 Type "Gone" is used, but not defined.',
    ],
  );
});

test('A type that breaks the rules of GraphQL is an issue.', async (t) => {
  const text = 'type Query { a: A }\ninterface I { id: ID! }\ntype A implements I { name: String }\n';
  const error = await failure(load(t, { schema: { kind: 'sdl', sdl: text } }));
  assert.match(error.issues[0]?.message ?? '', /I\.id/);
});

test('A missing file is an issue that names it.', async (t) => {
  const error = await failure(load(t, { schema: { kind: 'file', file: '/none.graphql' } }));
  assert.equal(error.issues[0]?.file, '/none.graphql');
  assert.match(error.issues[0]?.message ?? '', /cannot be read: ENOENT/);
});

test('A subgraph without a url or a schema is an issue.', async (t) => {
  assert.match((await failure(load(t, { url: undefined, schema: { kind: 'sdl', sdl } }))).message, /no "url"/);
  assert.match((await failure(load(t, { schema: undefined }))).message, /no "schema"/);
});

test('Live introspection gives plain GraphQL, without the machinery of federation.', async (t) => {
  const { url, headers } = await serve(
    t,
    `
    type Query { thing("Which one." id: ID! = "1"): Thing @deprecated(reason: "old") _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
    type Thing { id: ID! when: Date }
    scalar Date @specifiedBy(url: "https://example.org/date")
    scalar _Any
    union _Entity = Thing
    type _Service { sdl: String! }`,
  );
  const subgraph = await load(t, {
    url,
    schema: { kind: 'introspection', headers: { 'X-One': '1' } },
    send: { 'X-Two': '2' },
  });
  assert.doesNotMatch(subgraph.sdl, /_service|_entities|_Any|_Entity|_Service/);
  const schema = buildSchema(subgraph.sdl);
  assert.equal(schema.getQueryType()?.getFields()['thing']?.deprecationReason, 'old');
  assert.match(subgraph.sdl, /Which one\./);
  assert.match(subgraph.sdl, /@specifiedBy/);
  assert.equal(headers[0]?.['x-one'], '1');
  assert.equal(headers[0]?.['x-two'], '2');
});

test('Fixed headers do not go to a schema URL of another origin.', async (t) => {
  const { url, headers } = await serve(t, sdl);
  await load(t, { schema: { kind: 'introspection', url }, send: { authorization: 'secret' } });
  assert.equal(headers[0]?.authorization, undefined);
});

test('"{ _service { sdl } }" gives the SDL with its directives.', async (t) => {
  const federated = 'type Query { a: A }\ntype A @key(fields: "id") { id: ID! }\n';
  const { url } = await serve(t, 'type Query { _service: _Service! } type _Service { sdl: String! }', {
    Query: { _service: () => ({ sdl: federated }) },
  });
  assert.equal((await load(t, { url, schema: { kind: 'service' } })).sdl, federated);
});

test('A service that is not federated, or that refuses introspection, is an issue with the reason.', async (t) => {
  const { url } = await serve(t, sdl);
  const error = await failure(load(t, { url, schema: { kind: 'service' } }));
  assert.equal(error.issues[0]?.code, 'SUBGRAPH_INVALID_RESPONSE');
  assert.match(error.message, /does not answer "\{ _service \{ sdl \} \}": Cannot query field "_service"/);
});

test('A service that is down is an issue with the code SUBGRAPH_UNREACHABLE.', async (t) => {
  const { url, close } = await serve(t, sdl);
  await close();
  const error = await failure(load(t, { url, schema: { kind: 'introspection' } }));
  assert.equal(error.issues[0]?.code, 'SUBGRAPH_UNREACHABLE');
  assert.deepEqual(error.issues[0]?.subgraphs, ['things']);
});

test('Proto files become a gRPC subgraph that carries them with their imports.', async (t) => {
  const files = {
    '/p/shop.proto':
      'syntax = "proto3"; import "money.proto"; service Shop { rpc Price(Empty) returns (Money); } message Empty {}',
    '/p/money.proto': 'syntax = "proto3"; message Money { int32 cents = 1; }',
  };
  const schema = { kind: 'proto', files: ['/p/shop.proto'], import_paths: ['/p'] } as const;
  const { definition, sdl, url } = await load(t, { url: '127.0.0.1:1', schema }, files);
  assert.equal(url, '127.0.0.1:1');
  assert.match(sdl, /type Money/);
  assert.deepEqual(definition.source, {
    kind: 'grpc',
    files: { 'money.proto': files['/p/money.proto'], 'shop.proto': files['/p/shop.proto'] },
    entry: ['shop.proto'],
  });
  const error = await failure(load(t, { schema }, { '/p/shop.proto': files['/p/shop.proto'] }));
  assert.match(error.message, /\/p\/shop.proto:1: Imported file "money.proto" was not found in "\/p"/);
});

type LoadConfig = Partial<Omit<SubgraphConfig, 'headers'>> & { readonly send?: Record<string, string> };

async function load(t: TestContext, { send, ...config }: LoadConfig, files: Record<string, string> = {}) {
  const http = createHttpClient();
  t.after(() => http.close());
  const whole: SubgraphConfig = {
    name: 'things',
    url: 'http://127.0.0.1:1/graphql',
    headers: { send: send ?? {}, propagate: [] },
    traffic_shaping: { timeout: 5000, connections: 4, deduplicate_query: true, reuse_entities: true },
    ...config,
  };
  const readFile = async (path: string): Promise<string> => {
    const text = files[path];
    if (text === undefined) {
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    }
    return text;
  };
  return await loadSubgraph(whole, { http, readFile });
}

async function failure(promise: Promise<unknown>): Promise<IssuesError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof IssuesError, `expected an IssuesError, got ${String(error)}`);
  return error;
}

async function serve(t: TestContext, typeDefs: string, resolvers = {}) {
  const headers: IncomingHttpHeaders[] = [];
  const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false });
  const server = createServer((request, response) => {
    headers.push(request.headers);
    yoga(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const close = async (): Promise<void> => {
    if (server.listening) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  };
  t.after(close);
  return { url: `http://127.0.0.1:${address.port}/graphql`, headers, close };
}
