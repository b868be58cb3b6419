import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { buildSchema, graphql } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ConfigInput } from '../../src/config/schema/configSchema.ts';
import type { GatewayPlugin } from '../../src/plugins/GatewayPlugin.ts';
import { createGateway } from '../../src/server/createGateway.ts';
import type { GatewayExtras } from '../../src/server/GatewayOptions.ts';
import { serveHttp } from '../sources/graphql/serveHttp.ts';
import { JSON_TYPE } from './support/Behaviour.ts';
import { collect } from './support/collect.ts';
import { send } from './support/send.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes", "@policy"])';
const SDL = `
  type Query { me: User open: String pay: Int @policy(policies: [["pays"]]) both: Int @policy(policies: [["pays", "adult"], ["boss"]]) }
  type Mutation { wipe: Boolean @requiresScopes(scopes: [["admin"]]) }
  type User @authenticated { name: String email: String @requiresScopes(scopes: [["mail"]]) }`;
const DIRECTIVES =
  'directive @authenticated on OBJECT | FIELD_DEFINITION directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | FIELD_DEFINITION directive @policy(policies: [[String!]!]!) on OBJECT | FIELD_DEFINITION';

/** Who asks is what the header `x-scopes` says; nobody in particular without it. */
const headerCaller: GatewayPlugin = {
  onParams({ context }) {
    const scopes = context.headers.get('x-scopes');
    if (scopes === null) return;
    const id = scopes === '' ? 'plain' : scopes;
    context.caller = { key: id, id, method: 'test', scopes: scopes.split(' '), claims: { age: scopes.length } };
  },
};

interface Started {
  readonly url: string;
  readonly sent: string[];
  readonly logged: string[];
  ask(query: string, headers?: Readonly<Record<string, string>>): ReturnType<typeof send>;
}

async function start(t: TestContext, config: Partial<ConfigInput> = {}, extras: GatewayExtras = {}): Promise<Started> {
  const schema = buildSchema(`${DIRECTIVES} ${SDL}`);
  const rootValue = { me: { name: 'Ada', email: 'ada@' }, open: 'open', pay: 5, both: 7, wipe: true };
  const sent: string[] = [];
  const { url: backend } = await serveHttp(t, async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string };
    sent.push(query);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await graphql({ schema, source: query, rootValue })));
  });
  const logged: string[] = [];
  const gateway = await createGateway({
    subgraphs: [{ name: 'users', url: backend, schema: { sdl: `${LINK} ${SDL}` } }],
    state_directory: '/nonexistent',
    port: 0,
    ...config,
    plugins: [headerCaller],
    log: { info() {}, warn: (message: string) => logged.push(message), error() {} },
    ...extras,
  } as never);
  const { url } = await gateway.listen();
  t.after(() => gateway.close());
  const ask: Started['ask'] = (query, headers = {}) =>
    send(url, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ query }) });
  return { url, sent, logged, ask };
}

describe('what may not be read', () => {
  for (const accept of ['application/json', 'text/event-stream, application/json']) {
    it(`is null with its error, for a client that accepts ${accept}`, async (t) => {
      const { ask, sent } = await start(t);
      const answer = await ask('{ open me { name } }', { accept });
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.body), {
        data: { open: 'open', me: null },
        errors: [
          {
            message: 'You may not read "Query.me".',
            locations: [{ line: 1, column: 8 }],
            path: ['me'],
            extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
          },
        ],
      });
      assert.deepEqual(sent, ['query { open }']);
      const known = await ask('{ open me { name email } }', { accept, 'x-scopes': 'mail' });
      assert.deepEqual(JSON.parse(known.body), { data: { open: 'open', me: { name: 'Ada', email: 'ada@' } } });
      const other = await ask('{ open me { name email } }', { accept, 'x-scopes': 'other' });
      assert.deepEqual(JSON.parse(other.body).data, { open: 'open', me: { name: 'Ada', email: null } });
    });
  }

  it('is refused as a whole with the mode "reject": 401 where nobody in particular asks, else 403', async (t) => {
    const { ask, sent } = await start(t, { authorization: { directives: { unauthorized: { mode: 'reject' } } } });
    const nobody = await ask('{ open me { name } }');
    assert.equal(nobody.status, 401);
    assert.equal(nobody.headers['www-authenticate'], 'Bearer realm="weft"');
    assert.deepEqual(JSON.parse(nobody.body), {
      errors: [
        {
          message: 'You may not read "Query.me".',
          locations: [{ line: 1, column: 8 }],
          extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
        },
      ],
    });
    const other = await ask('{ open me { email } }', { 'x-scopes': 'other' });
    assert.equal(other.status, 403);
    assert.match(other.body, /You may not read \\"User\.email\\"/);
    assert.deepEqual(sent, []);
    assert.equal((await ask('mutation { wipe }', { 'x-scopes': 'other' })).status, 403);
    assert.equal((await ask('{ open }')).status, 200);
    assert.deepEqual(sent, ['query { open }']);
  });

  it('is refused in the words of another router, too', async (t) => {
    const { ask } = await start(t, { authorization: { directives: { reject_unauthorized: true } } });
    assert.equal((await ask('{ me { name } }')).status, 401);
  });

  it('is answered all the same in a dry run, which tells once what would be denied', async (t) => {
    const info: string[] = [];
    const directives = { unauthorized: { mode: 'reject' as const }, introspection: 'allowed' as const, dry_run: true };
    const log = { info: (line: string) => info.push(line), warn() {}, error() {} };
    const { ask } = await start(t, { authorization: { directives } }, { log } as never);
    for (let n = 0; n < 3; n += 1) {
      const { body } = await ask('query Mine { open me { name email } }', { 'x-scopes': 'other' });
      assert.deepEqual(JSON.parse(body), { data: { open: 'open', me: { name: 'Ada', email: 'ada@' } } });
    }
    const { body } = await ask('{ me { name } __type(name: "User") { name } }');
    assert.deepEqual(JSON.parse(body).data, { me: { name: 'Ada' }, __type: { name: 'User' } });
    assert.deepEqual(
      info.filter((line) => line.startsWith('Would')),
      [
        'Would be denied to "other" in the operation "Mine": "User.email".',
        'Would be denied to nobody in particular in an operation: "Query.me".',
      ],
    );
  });

  it('is null over a WebSocket', async (t) => {
    const { url, sent } = await start(t);
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const [answer] = await collect(client.iterate({ query: '{ open me { name } }' }));
    assert.deepEqual((answer as { data: unknown }).data, { open: 'open', me: null });
    assert.deepEqual(sent, ['query { open }']);
    await client.dispose();
  });

  it('is never mixed up between callers who ask the same at the same time', async (t) => {
    const { ask } = await start(t);
    const scopes = ['mail', 'other', undefined, 'mail other'];
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const own = scopes[n % scopes.length];
        const { body } = await ask('{ me { name email } }', own === undefined ? {} : { 'x-scopes': own });
        return [own, JSON.parse(body).data.me] as const;
      }),
    );
    for (const [own, me] of answers) {
      if (own === undefined) assert.equal(me, null);
      else assert.deepEqual(me, { name: 'Ada', email: own.includes('mail') ? 'ada@' : null });
    }
  });

  it('has its place in the text of the client, though another operation is the same but for its name', async (t) => {
    const { ask } = await start(t);
    for (const name of ['A', 'Longer', 'B', 'Longest_of_all']) {
      const { body } = await ask(`query ${name} { open me { name } }`);
      const [{ locations }] = JSON.parse(body).errors;
      assert.deepEqual(locations, [{ line: 1, column: `query ${name} { open `.length + 1 }]);
    }
  });
});

describe('policies', () => {
  const rich = { 'x-scopes': 'rich' };

  it('that nobody decides are not met', async (t) => {
    const { ask, sent, logged } = await start(t);
    assert.deepEqual(JSON.parse((await ask('{ pay }', rich)).body).data, { pay: null });
    assert.deepEqual(sent, []);
    assert.match(logged[0] ?? '', /Nothing decides on the policies "adult", "boss", "pays" of the schema/);
  });

  it('are decided by expressions of the configuration; one that fails is not met', async (t) => {
    const policies = {
      pays: 'caller != null && "rich" in caller.scopes',
      adult: 'caller.claims.age > 3',
      boss: 'caller.claims.rank == "boss"',
    };
    const { ask, logged } = await start(t, { authorization: { policies } });
    assert.deepEqual(JSON.parse((await ask('{ pay both }', rich)).body).data, { pay: 5, both: 7 });
    assert.deepEqual(JSON.parse((await ask('{ pay both }', { 'x-scopes': 'poor' })).body).data, {
      pay: null,
      both: null,
    });
    assert.deepEqual(JSON.parse((await ask('{ pay both }')).body).data, { pay: null, both: null });
    assert.match(logged[0] ?? '', /The policy "boss" could not be decided, and is taken as not met/);
  });

  it('are decided in code, which may wait, before what the configuration says', async (t) => {
    const asked: unknown[] = [];
    const { ask } = await start(
      t,
      { authorization: { policies: { pays: 'false' } } },
      {
        policies: {
          async pays({ policy, caller, operation, context }) {
            asked.push([policy, caller?.id, operation, context.headers.get('x-scopes')]);
            return caller?.id === 'rich';
          },
          boss() {
            throw new Error('nobody knows');
          },
        },
      },
    );
    assert.deepEqual(JSON.parse((await ask('query Pay { pay open }', rich)).body).data, { pay: 5, open: 'open' });
    assert.deepEqual(asked, [['pays', 'rich', { name: 'Pay', kind: 'query' }, 'rich']]);
    assert.deepEqual(JSON.parse((await ask('{ open }', rich)).body).data, { open: 'open' });
    assert.equal(asked.length, 1);
    assert.deepEqual(JSON.parse((await ask('{ both }', rich)).body).data, { both: null });
  });

  it('are decided by a service, all in one question', async (t) => {
    const questions: unknown[] = [];
    const { url } = await serveHttp(t, async (request, response) => {
      assert.equal(request.headers['authorization'], 'Bearer opa');
      const question = JSON.parse(await text(request));
      questions.push(question);
      const isRich = question.input.caller?.scopes.includes('rich') === true;
      response.end(JSON.stringify({ result: { pays: isRich, adult: isRich, boss: 'yes' } }));
    });
    const { ask } = await start(t, {
      authorization: { policy_service: { url, headers: { authorization: 'Bearer opa' } } },
    });
    assert.deepEqual(JSON.parse((await ask('{ pay both }', rich)).body).data, { pay: 5, both: 7 });
    assert.deepEqual(questions, [
      {
        input: {
          policies: ['adult', 'boss', 'pays'],
          caller: { id: 'rich', method: 'test', scopes: ['rich'], claims: { age: 4 } },
          operation: { name: '', kind: 'query' },
        },
      },
    ]);
    assert.deepEqual(JSON.parse((await ask('{ pay both }')).body).data, { pay: null, both: null });
    assert.equal((questions[1] as { input: { caller: unknown } }).input.caller, null);
    await ask('{ open }');
    assert.equal(questions.length, 2);
  });

  for (const [name, status, body] of [
    ['fails', 500, '{"result":{"pays":true}}'],
    ['says something else', 200, '{"result":true}'],
    ['does not speak JSON', 200, 'yes'],
  ] as const) {
    it(`are not met where their service ${name}`, async (t) => {
      const { url } = await serveHttp(t, (_request, response) => {
        response.statusCode = status;
        response.end(body);
      });
      const { ask, logged, sent } = await start(t, { authorization: { policy_service: { url } } });
      assert.deepEqual(JSON.parse((await ask('{ pay }', rich)).body).data, { pay: null });
      assert.match(logged[0] ?? '', /The policy "pays" could not be decided, and is taken as not met: Expected/);
      assert.deepEqual(sent, []);
    });
  }

  it('are not met where their service does not answer in time', async (t) => {
    const { url } = await serveHttp(t, () => undefined);
    const { ask, logged } = await start(t, { authorization: { policy_service: { url, timeout: '20ms' } } });
    assert.deepEqual(JSON.parse((await ask('{ pay }', rich)).body).data, { pay: null });
    assert.match(logged[0] ?? '', /"pays".*20 ms/);
  });

  it('that are no expressions keep the gateway from starting, each with its place', async (t) => {
    const policies = { pays: 'caller.', boss: '1 + 1' };
    await assert.rejects(
      start(t, { authorization: { policies } }),
      (error: Error & { issues?: { path: string }[] }) => {
        assert.deepEqual(
          error.issues?.map(({ path }) => path),
          ['authorization.policies.pays', 'authorization.policies.boss'],
        );
        return true;
      },
    );
  });
});

describe('what the gateway itself adds', () => {
  const nobody = {};
  const known = { 'x-scopes': 'any' };

  it('may need something, and may say what is needed for fields and types of subgraphs', async (t) => {
    const { ask, sent } = await start(t, {
      additionalTypeDefs: `
        extend type User @policy(policies: [["nice"]]) { name: String @requiresScopes(scopes: [["any"]]) }
        extend type Query { open: String @authenticated hello: String }
        extend type Own @authenticated { a: Int }
        type Own { b: Int }
        extend type Query { own: Own }`,
      additionalResolvers: {
        Query: { hello: () => 'hello', own: () => ({ a: 1, b: 2 }) },
      },
      authorization: { policies: { nice: 'caller.id != "nasty"' } },
    } as never);
    const operation = '{ open hello own { a b } me { name } }';
    assert.deepEqual(JSON.parse((await ask(operation, nobody)).body).data, {
      open: null,
      hello: 'hello',
      own: null,
      me: null,
    });
    assert.deepEqual(sent, []);
    assert.deepEqual(JSON.parse((await ask(operation, known)).body).data, {
      open: 'open',
      hello: 'hello',
      own: { a: 1, b: 2 },
      me: { name: 'Ada' },
    });
    const me = async (scopes: string) =>
      JSON.parse((await ask('{ me { name } }', { 'x-scopes': scopes })).body).data.me;
    assert.deepEqual(await me('other'), { name: null });
    assert.equal(await me('nasty'), null);
  });

  it('may do nothing but protect', async (t) => {
    const { ask } = await start(t, { additionalTypeDefs: 'extend type Query { open: String @authenticated }' });
    assert.deepEqual(JSON.parse((await ask('{ open }', nobody)).body).data, { open: null });
    assert.deepEqual(JSON.parse((await ask('{ open }', known)).body).data, { open: 'open' });
  });

  it('asks with the rights of the caller: by "@resolveTo", and by operations of a resolver', async (t) => {
    const { ask, sent } = await start(t, {
      additionalTypeDefs: `extend type Query {
        myself: User @resolveTo(sourceName: "users", sourceTypeName: "Query", sourceFieldName: "me")
        paid: Int @resolveTo(sourceName: "users", sourceTypeName: "Query", sourceFieldName: "pay")
        whole: String
      }`,
      additionalResolvers: {
        Query: {
          async whole(_root: unknown, _args: unknown, context: { execute(text: string): Promise<{ data?: unknown }> }) {
            return JSON.stringify((await context.execute('{ open me { email } }')).data);
          },
        },
      },
    } as never);
    const operation = '{ myself { name } paid whole }';
    const answer = async (headers: Readonly<Record<string, string>>) =>
      JSON.parse((await ask(operation, headers)).body);
    assert.deepEqual((await answer(nobody)).data, { myself: null, paid: null, whole: '{"open":"open","me":null}' });
    assert.deepEqual(sent, ['query { open }']);
    assert.deepEqual((await answer(known)).data, {
      myself: { name: 'Ada' },
      paid: null,
      whole: '{"open":"open","me":{"email":null}}',
    });
  });
});

describe('introspection', () => {
  const QUERY =
    '{ __schema { queryType { fields { name } } mutationType { name } types { name } } user: __type(name: "User") { fields { name } } }';
  const shown = async ({ ask }: Started, headers = {}) => {
    const { data } = JSON.parse((await ask(QUERY, headers)).body);
    const names = (list: { name: string }[] | undefined) => list?.map(({ name }) => name);
    return {
      query: names(data.__schema.queryType.fields),
      mutation: data.__schema.mutationType?.name,
      hasUser: names(data.__schema.types)?.includes('User'),
      user: names(data.user?.fields),
    };
  };

  it('shows everything to everybody unless told', async (t) => {
    assert.deepEqual(await shown(await start(t)), {
      query: ['me', 'open', 'pay', 'both'],
      mutation: 'Mutation',
      hasUser: true,
      user: ['name', 'email'],
    });
  });

  it('shows each caller what he may read, where that is configured, and suggests nothing', async (t) => {
    const started = await start(t, {
      authorization: {
        directives: { introspection: 'allowed' },
        policies: { pays: 'caller != null && "rich" in caller.scopes' },
      },
    });
    assert.deepEqual(await shown(started), { query: ['open'], mutation: undefined, hasUser: false, user: undefined });
    assert.deepEqual(await shown(started, { 'x-scopes': 'rich' }), {
      query: ['me', 'open', 'pay'],
      mutation: undefined,
      hasUser: true,
      user: ['name'],
    });
    assert.deepEqual(await shown(started, { 'x-scopes': 'mail admin' }), {
      query: ['me', 'open'],
      mutation: 'Mutation',
      hasUser: true,
      user: ['name', 'email'],
    });
    const { body } = await started.ask('{ mee }');
    assert.match(body, /Cannot query field/);
    assert.doesNotMatch(body, /Did you mean/);
  });

  it('is not shared by callers who are shown other things, though the rest of the answer is', async (t) => {
    const started = await start(t, {
      authorization: { directives: { introspection: 'allowed' } },
      traffic_shaping: { router: { deduplicate_query: true } },
    });
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const { body } = await started.ask('{ open __type(name: "User") { name } }', headers);
      return JSON.parse(body).data.__type?.name;
    };
    const answers = await Promise.all([{}, { 'x-scopes': 'a' }, {}, { 'x-scopes': 'b' }].map(ask));
    assert.deepEqual(answers, [undefined, 'User', undefined, 'User']);
  });
});
