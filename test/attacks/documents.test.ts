import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, it, type TestContext } from 'node:test';
import { transports } from '../plugins/authentication/support/transports.ts';
import { send } from '../server/support/send.ts';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { startVictim, type Victim } from './support/startVictim.ts';

const many = (count: number, item: (n: number) => string) => Array.from({ length: count }, (_, n) => item(n)).join(' ');
const json = { 'content-type': 'application/json' };
const LINK = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${names}])`;

/** Everything is everywhere: each field of each level could be fetched from any of them. */
const SHARED = many(6, (n) => `f${n}: Node @shareable`);
const SHAREABLE = `${LINK('"@key", "@shareable"')} type Query { node: Node @shareable }
  type Node @key(fields: "id") { id: ID! @shareable ${SHARED} value: String @shareable }`;

/** Many types of one interface, each with fields of another subgraph. */
const KINDS = 24;
const NODES = `${LINK('"@key"')} type Query { node: Node nodes: [Node!] } interface Node { id: ID! next: Node }
  ${many(KINDS, (n) => `type K${n} implements Node @key(fields: "id") { id: ID! next: Node }`)}`;
const EXTRAS = `${LINK('"@key"')} type Query { other: Int } ${many(KINDS, (n) => `type K${n} @key(fields: "id") { id: ID! extra${n}: Int all: Int }`)}`;

/** Nobody answers at these addresses; what is planned fails fast. */
const at = (name: string, sdl: string) => ({ name, url: 'http://127.0.0.1:1/graphql', schema: { sdl } });
const shareable = (t: TestContext) =>
  startVictim(t, { subgraphs: Array.from({ length: 6 }, (_, n) => at(`s${n}`, SHAREABLE)) });
const abstract = (t: TestContext) => startVictim(t, { subgraphs: [at('nodes', NODES), at('extras', EXTRAS)] });

const nested = (open: string, depth: number, inner: string) => `${open.repeat(depth)}${inner}${'}'.repeat(depth)}`;
const kinds = (inner: string) => many(KINDS, (n) => `... on K${n} { extra${n} ${inner} }`);

/** Without a bound each of these takes minutes, or ends the process. */
const BOMBS: readonly (readonly [name: string, open: (t: TestContext) => Promise<Victim>, query: string])[] = [
  [
    'CVE-2025-32030: fragments that double',
    shareable,
    `{ node { ...F0 } } ${many(10, (n) => `fragment F${n} on Node { f0 { ...F${n + 1} } f1 { ...F${n + 1} } }`)} fragment F10 on Node { value }`,
  ],
  [
    'CVE-2025-32030: fragments that double without a field between',
    shareable,
    `{ node { ...F0 } } ${many(12, (n) => `fragment F${n} on Node { ...F${n + 1} ... on Node { ...F${n + 1} } }`)} fragment F12 on Node { value }`,
  ],
  [
    'CVE-2025-32031: one fragment on every type, deep in itself',
    abstract,
    `{ node { ...F0 } } ${many(2, (n) => `fragment F${n} on Node { ${kinds(`next { ...F${n + 1} }`)} }`)} fragment F2 on Node { id }`,
  ],
  [
    'CVE-2025-32034: a level of an interface on each other, with all its types',
    abstract,
    `{ node { ${'next { ... on K0 { extra0 } ... on Node { '.repeat(30)} id ${'} } '.repeat(30)} } }`,
  ],
  [
    'CVE-2025-32032: everything of every type',
    abstract,
    `{ nodes { ${kinds('next { id }')} next { ${kinds('next { id }')} } } }`,
  ],
  [
    'CVE-2024-43414: everything can be had everywhere, ninety levels deep',
    shareable,
    `{ node { ${nested('f0 { ', 90, 'value')} } }`,
  ],
  [
    'CVE-2024-43414: everything can be had everywhere, in every breadth',
    shareable,
    `{ node { ${many(6, (a) => `f${a} { ${many(6, (b) => `f${b} { ${many(6, (c) => `f${c} { value id }`)} }`)} }`)} } }`,
  ],
  [
    'CVE-2025-32032: a condition on each of two hundred fields',
    shareable,
    `query(${many(200, (n) => `$v${n}: Boolean = true`)}) { node { ${many(200, (n) => `a${n}: f${n % 6} @include(if: $v${n}) { value }`)} } }`,
  ],
];

interface Watched {
  readonly body: string;
  readonly took: number;
  /** The longest time for which nothing else was done, milliseconds. */
  readonly lag: number;
}

async function watch(ask: () => Promise<string>): Promise<Watched> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const before = performance.now();
  const body = await ask();
  const took = performance.now() - before;
  delays.disable();
  return { body, took, lag: delays.max / 1e6 };
}

const post = async (url: string, query: string, variables?: object) =>
  (await send(url, { headers: json, body: JSON.stringify({ query, variables }) })).body;

describe('planning bombs', { timeout: 120_000 }, () => {
  for (const [name, open, query] of BOMBS)
    it(`${name}, is planned or refused at once`, async (t) => {
      const { url } = await open(t);
      // The first operation warms what each one needs.
      await post(url, '{ __typename }');
      const { body, took, lag } = await watch(() => post(url, query));
      if (process.env['WATCH'] !== undefined)
        t.diagnostic(`${took.toFixed()} ms, lag ${lag.toFixed()} ms, ${body.slice(0, 120)}`);
      assert.doesNotMatch(body, /GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/);
      // Measured: 15 to 200 ms, on a machine of two cores that others used too.
      assert.ok(took < 3_000, `${took} ms`);
      assert.ok(lag < 500, `nothing else was done for ${lag} ms`);
      assert.match(await post(url, '{ __typename }'), /Query/);
    });

  it('CVE-2025-32032: other values of the conditions make no further plans without end', async (t) => {
    const { url } = await shareable(t);
    const query = `query(${many(12, (n) => `$v${n}: Boolean!`)}) { node { ${many(12, (n) => `a${n}: f${n % 6} @include(if: $v${n}) { value }`)} } }`;
    const values = (round: number) =>
      Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`v${n}`, ((round >> n) & 1) === 1]));
    await post(url, query, values(1));
    const { took } = await watch(async () => {
      for (let round = 0; round < 300; round += 1) await post(url, query, values(round));
      return '';
    });
    assert.ok(took < 6_000, `${took} ms`);
  });
});

describe('validation bombs', { timeout: 60_000 }, () => {
  const REPEATS: Readonly<Record<string, string>> = {
    'CVE-2023-26144: one field thousands of times': `{ self { ${'hello '.repeat(4_900)} } }`,
    'CVE-2023-26144: an object a thousand times': `{ self { ${'self { hello } '.repeat(2_400)} } }`,
    'CVE-2023-26144: deep objects that repeat': `{ self { ${many(90, () => nested('self {', 50, 'hello'))} } }`,
    'CVE-2026-40476: inline fragments in each other': `{ self { ${nested('... on Query {', 190, 'hello '.repeat(4_900))} } }`,
    'CVE-2026-40476: fields of one name with arguments': `{ self { ${'echo(text: "a") '.repeat(2_400)} } }`,
    'CVE-2026-40476: fragments against each other': `{ self { ${many(500, (n) => `...F${n}`)} } } ${many(500, (n) => `fragment F${n} on Query { self { hello } hello }`)}`,
    'CVE-2026-40476: fragments that nobody uses': `{ hello } fragment F on Query { ${'self { hello } '.repeat(3_400)} }`,
    'CVE-2026-40476: fragments that spread themselves': `{ hello } ${many(300, (n) => `fragment F${n} on Query { self { ...F${n} ...F${n + 1} } }`)} fragment F300 on Query { hello }`,
  };
  for (const transport of transports)
    for (const [name, query] of Object.entries(REPEATS)) {
      if (transport.name === 'GET') continue;
      it(`${name}, over ${transport.name}, costs next to nothing`, async () => {
        await using test = await startTestGateway({ fastLane: transport.fastLane });
        const { body, lag } = await watch(async () => (await transport.ask(test.url, {}, query)).body);
        assert.match(body, /VALIDATION_BUDGET_EXCEEDED|GRAPHQL_VALIDATION_FAILED/);
        assert.doesNotMatch(body, /Validation aborted/);
        assert.ok(lag < 500, `nothing else was done for ${lag} ms`);
        assert.equal(test.probe.executions, 0);
      });
    }

  it('what people write is never too much to compare', async () => {
    await using test = await startTestGateway();
    const wide = many(400, (n) => `a${n}: self { hello self { hello echo(text: "a") } }`);
    const shared = `{ self { ${many(20, (n) => `...F${n}`)} } } ${many(20, (n) => `fragment F${n} on Query { hello self { hello self { hello } } }`)}`;
    for (const query of [`{ self { ${wide} } }`, shared]) assert.match(await post(test.url, query), /"data"/);
  });
});

describe('CVE-2025-32033: counts that would run over', { timeout: 60_000 }, () => {
  const doubled = (times: number, leaf: string) =>
    `{ ...F0 } ${many(times, (n) => `fragment F${n} on Query { ...F${n + 1} ... on Query { ...F${n + 1} } }`)} fragment F${times} on Query { ${leaf} }`;
  for (const times of [16, 31, 32, 33, 53, 64, 128])
    for (const [leaf, code] of [
      ['hello', 'MAX_HEIGHT_LIMIT'],
      ['a: hello', 'MAX_HEIGHT_LIMIT'],
      ['self { a: hello @skip(if: true) }', 'MAX_HEIGHT_LIMIT'],
    ] as const)
      it(`CVE-2025-32033: two to the power of ${times} of "${leaf}" are too many, and counted in no time`, async () => {
        await using test = await startTestGateway();
        const { body, lag } = await watch(() => post(test.url, doubled(times, leaf)));
        assert.match(body, new RegExp(code));
        assert.ok(lag < 300, `${lag} ms`);
        assert.equal(test.probe.executions, 0);
      });
});

describe('CVE-2026-30241: limits hold on every transport', { timeout: 60_000 }, () => {
  const PAST: Readonly<Record<string, string>> = {
    MAX_DEPTH_LIMIT: nested('{ self ', 120, '{ hello }'),
    MAX_ALIASES_LIMIT: `{ self { ${many(501, (n) => `a${n}: hello`)} } }`,
    MAX_ROOT_FIELDS_LIMIT: `{ ${'hello '.repeat(201)} }`,
    MAX_DIRECTIVES_LIMIT: `{ hello ${'@skip(if: false) '.repeat(501)} }`,
    DOCUMENT_TOO_DEEP: nested('{ self ', 3_000, '{ hello }'),
  };
  for (const transport of transports)
    for (const [code, query] of Object.entries(PAST)) {
      if (transport.name === 'GET' && query.length > 10_000) continue;
      it(`CVE-2026-30241: ${code} over ${transport.name}`, async () => {
        await using test = await startTestGateway({ fastLane: transport.fastLane });
        assert.match((await transport.ask(test.url, {}, query)).body, new RegExp(code));
        // In the shape of a subscription too, and in an operation that is not the first one.
        const other = query.replace(/^\{/, 'query A { hello } query B {');
        assert.match((await transport.ask(test.url, {}, other)).body, new RegExp(code));
        assert.equal(test.probe.executions, 0);
      });
    }

  it('CVE-2026-30241: limits hold for each operation of a batch', async () => {
    await using test = await startTestGateway({ config: { batching: { limit: 10 } } });
    const batch = Object.values(PAST).map((query) => ({ query }));
    const { body } = await send(test.url, { headers: json, body: JSON.stringify(batch) });
    for (const code of Object.keys(PAST)) assert.match(body, new RegExp(code));
    assert.equal(test.probe.executions, 0);
  });
});
