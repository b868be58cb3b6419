import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { stitchSchemas } from '@graphql-tools/stitch';
import { stitchingDirectives } from '@graphql-tools/stitching-directives';
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source, SourceResult } from '../../src/execute/Source.ts';
import { findUnsatisfied } from '../../src/plan/findUnsatisfied.ts';
import { composeLoaded } from '../../src/registry/composeLoaded.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';

const { stitchingDirectivesTypeDefs, stitchingDirectivesTransformer } = stitchingDirectives();
/** As the package declares it, with the argument that its documentation has. */
const words = stitchingDirectivesTypeDefs.replace(
  'additionalArgs: String)',
  'additionalArgs: String, types: [String!])',
);

type Row = Readonly<Record<string, unknown>>;
type Args = Readonly<Record<string, unknown>>;

const catalog = service(
  `
  "The catalogue's word"
  type Product @canonical @key(selectionSet: "{ upc }") {
    "What it costs" price: Int
    upc: ID!
    name: String
    weight: Int
    maker: Maker
  }
  type Maker @key(selectionSet: "{ id }") { id: ID! }
  type Query {
    products: [Product!]!
    productsByUpcs(upcs: [ID!]!, inStock: Boolean): [Product]! @merge(keyField: "upc", keyArg: "upcs", additionalArgs: "inStock: true")
  }`,
  {
    products: () => ['p1', 'p2', 'p3'].map(product),
    productsByUpcs: ({ upcs, inStock }: Args) => (inStock === true ? (upcs as string[]).map(product) : []),
  },
);

function product(upc: string): Row {
  const n = Number(upc.slice(1));
  return {
    upc,
    name: `Product ${n}`,
    price: n * 10,
    weight: n === 2 ? null : n,
    maker: n === 3 ? null : { id: `m${n}` },
  };
}

const shipping = service(
  `
  input ProductKey { upc: ID! price: Int weight: Int }
  "Another word"
  type Product @key(selectionSet: "{ upc }") {
    upc: ID!
    inStock: Boolean
    estimate: Int @computed(selectionSet: "{ price weight }")
    label: String @computed(selectionSet: "{ name maker { id } }")
  }
  input Where { keys: [Stamp!]! }
  scalar Stamp
  type Query {
    parcels(keys: [ProductKey!]!): [Product]! @merge
    stamped(where: Where!): [Tag]! @merge(keyArg: "where.keys")
    tag(code: ID, org: ID): Tag
    fragile: [Product]
  }
  type Tag @key(selectionSet: "{ code org { id } }") { code: ID! org: Org! stamp: String }
  type Org { id: ID! }`,
  {
    parcels: ({ keys }: Args) =>
      (keys as Row[]).map((key) => ({
        ...key,
        inStock: key['upc'] !== 'p3',
        estimate: Object.hasOwn(key, 'price') ? Number(key['price']) + Number(key['weight'] ?? 1000) : -1,
        label: JSON.stringify(Object.keys(key).sort()),
      })),
    stamped: ({ where }: Args) =>
      ((where as Row)['keys'] as Row[]).map((key) => ({ ...key, stamp: JSON.stringify(key) })),
    tag: ({ code, org }: Args) => ({ code, org: { id: org } }),
    fragile: () => [{ upc: 'p2', inStock: true }],
  },
);

const makers = service(
  `
  interface Party { id: ID! motto: String }
  type Maker implements Party @key(selectionSet: "{ id }") { id: ID! motto: String }
  type Seller implements Party @key(selectionSet: "{ id }") { id: ID! motto: String }
  type Tag @key(selectionSet: "{ code org { id } }") { code: ID! org: Org! title: String }
  type Org { id: ID! }
  input TagKey { code: ID! owner: OwnerKey! }
  input OwnerKey { id: ID! }
  type Query {
    party(id: ID!, kind: Kind): Party @merge(keyField: "id", keyArg: "id", additionalArgs: "kind: MAKER", types: ["Maker"])
    tags(keys: [TagKey!]!): [Tag] @merge(key: ["code", "owner.id:org.id"])
    firstTag: Tag
  }
  enum Kind { MAKER SELLER }`,
  {
    party: ({ id, kind }: Args) => ({ __typename: kind === 'MAKER' ? 'Maker' : 'Seller', id, motto: `Motto of ${id}` }),
    tags: ({ keys }: Args) =>
      (keys as { code: string; owner: Row }[]).map(({ code, owner }) => ({ code, org: owner, title: `Tag ${code}` })),
    firstTag: () => ({ code: 't1', org: { id: 'o1' }, title: 'First' }),
  },
);

const single = service(
  `
  type Maker @key(selectionSet: "{ id }") { id: ID! country: String }
  type Query { makerWhere(by: MakerKey!): Maker @merge(argsExpr: "by: { id: $key.id, exact: true }") }
  input MakerKey { id: ID! exact: Boolean }`,
  {
    makerWhere: ({ by }: Args) => ({
      id: (by as Row)['id'],
      country: `Country of ${(by as Row)['id']}, ${(by as Row)['exact']}`,
    }),
  },
);

interface Service {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

function service(types: string, query: Readonly<Record<string, (args: Args) => unknown>>): Service {
  const sdl = `${words}\n${types}`;
  const resolvers = Object.fromEntries(
    Object.entries(query).map(([name, resolve]) => [name, (_: unknown, args: Args) => resolve(args)]),
  );
  return { sdl, schema: makeExecutableSchema({ typeDefs: sdl, resolvers: { Query: resolvers } }) };
}

const services = { catalog, shipping, makers, single };
const stitched = stitchSchemas({
  subschemaConfigTransforms: [stitchingDirectivesTransformer],
  subschemas: Object.values(services).map(({ schema }) => ({ schema })),
});

function subgraph(name: string, sdl: string) {
  return { name, url: '', sdl, definition: { source: { kind: 'graphql' as const } } };
}

function composed() {
  const result = compose(
    Object.entries(services).map(([name, { sdl }]) => subgraph(name, sdl)),
    { findUnsatisfied },
  );
  assert.ok('sdl' in result, JSON.stringify(result));
  return result.sdl;
}

function weft(sdl = composed()) {
  const sources = new Map(Object.entries(services).map(([name, { schema }]) => [name, sourceOf(name, schema)]));
  return createExecutor({ supergraph: parseSupergraph(sdl), sources });
}

function sourceOf(name: string, schema: GraphQLSchema): Source {
  return {
    name,
    async fetch({ operation, variables }) {
      const result = await execute({
        schema,
        document: parse(operation.document),
        variableValues: JSON.parse(variables),
      });
      return JSON.parse(JSON.stringify(result)) as SourceResult;
    },
  };
}

const operations = [
  '{ products { upc inStock } }',
  '{ products { name estimate inStock } }',
  '{ products { maker { motto } } }',
  '{ products { maker { country motto id } } }',
  '{ fragile { name price } }',
  '{ fragile { estimate } }',
  '{ firstTag { title stamp } }',
  '{ tag(code: "t7", org: "o7") { title org { id } } }',
  '{ party(id: "s1", kind: SELLER) { __typename id motto } }',
];

for (const operation of operations) {
  test(`stitching directives mean what they mean to the stitching engine: ${operation}`, async () => {
    const document = parse(operation);
    const expected = (await execute({ schema: stitched, document })) as ExecutionResult;
    const actual = await weft().execute({ document, context: { headers: new Headers() } });
    assert.equal(expected.errors, undefined);
    assert.deepEqual(plain(actual), plain(expected));
  });
}

test('what computed fields need goes along with the key, for those of them that are asked for', async () => {
  const result = await weft().execute({
    document: parse('{ products { label } }'),
    context: { headers: new Headers() },
  });
  assert.deepEqual(plain(result), {
    data: { products: ['p1', 'p2', 'p3'].map(() => ({ label: '["upc"]' })) },
  });
});

test('the canonical description is what clients see', () => {
  const type = parseSupergraph(composed()).clientSchema.getType('Product');
  assert.equal(type?.description, "The catalogue's word");
});

test('nothing of the directives is left for clients', () => {
  const { clientSchema } = parseSupergraph(composed());
  for (const name of ['merge', 'computed', 'canonical', 'key'])
    assert.equal(clientSchema.getDirective(name), undefined);
});

test('types and fields can be renamed: the subgraph is asked in its own names', async () => {
  const loaded = Object.entries(services).map(([name, { sdl }]) => ({
    config: {
      name,
      transforms:
        name === 'shipping'
          ? { rename: { 'Product.estimate': 'costs', Tag: 'Mark', Org: 'Owner' } }
          : name === 'makers'
            ? { rename: { 'Tag.title': 'name', Tag: 'Mark', Org: 'Owner' } }
            : undefined,
    },
    subgraph: subgraph(name, sdl),
  }));
  const result = composeLoaded(loaded as unknown as Parameters<typeof composeLoaded>[0]);
  assert.ok('sdl' in result, JSON.stringify(result));
  const answer = await weft(result.sdl).execute({
    document: parse('{ products { costs } firstTag { __typename name stamp } }'),
    context: { headers: new Headers() },
  });
  assert.deepEqual(plain(answer), {
    data: {
      products: [{ costs: 11 }, { costs: 1020 }, { costs: 33 }],
      firstTag: { __typename: 'Mark', name: 'First', stamp: '{"code":"t1","org":{"id":"o1"},"__typename":"Tag"}' },
    },
  });
});

const refused: readonly (readonly [title: string, sdl: string, message: RegExp, path: string])[] = [
  [
    'a merge field that is no query field',
    'type T @key(selectionSet: "{ id }") { id: ID! again(id: ID!): T @merge } type Query { t: T }',
    /Expected "@merge" on a field of "Query"/,
    'T.again',
  ],
  [
    'an input that has nothing of the key',
    'type T @key(selectionSet: "{ id }") { id: ID! sku: ID! } input K { sku: ID! } type Query { t(keys: [K!]!): [T]! @merge }',
    /Expected "K" to have "id", which is the key; it has none of it/,
    'Query.t',
  ],
  [
    'an input that needs what is not of the key',
    'type T @key(selectionSet: "{ id }") { id: ID! sku: ID! } input K { id: ID! sku: ID! n: Int! = 1 } type Query { t(keys: [K!]!): [T]! @merge }',
    /"K" needs "sku", which is neither of the key nor of a computed field/,
    'Query.t',
  ],
  [
    'two arguments and no word which takes the key',
    'type T @key(selectionSet: "{ id }") { id: ID! } type Query { t(id: ID!, other: Int): T @merge(keyField: "id") }',
    /Expected "keyArg" to say which argument takes the key: there are 2/,
    'Query.t',
  ],
  [
    'that alone, not the computed field that nothing looks up for its sake',
    'type T @key(selectionSet: "{ id }") { id: ID! x: Int @computed(selectionSet: "{ y }") } type Query { t(id: ID!, other: Int): T @merge }',
    /Expected "keyArg"/,
    'Query.t',
  ],
  [
    'an argument that is not there',
    'type T @key(selectionSet: "{ id }") { id: ID! } type Query { t(id: ID): T @merge(keyField: "id", keyArg: "ids") }',
    /"t" has no argument "ids"/,
    'Query.t',
  ],
  [
    'a list of keys for a field that answers one',
    'type T @key(selectionSet: "{ id }") { id: ID! } type Query { t(id: [ID]): T @merge(argsExpr: "id: [[$key.id]]") }',
    /answers one entity/,
    'Query.t',
  ],
  [
    'an expression that cannot be read',
    'type T @key(selectionSet: "{ id }") { id: ID! } type Query { t(id: ID): T @merge(argsExpr: "id: $key.id }") }',
    /cannot be read: Syntax Error/,
    'Query.t',
  ],
  [
    'a key field that the type does not have',
    'type T @key(selectionSet: "{ id }") { id: ID! } type Query { t(id: ID): T @merge(keyField: "upc") }',
    /"T" has no field "upc" in this subgraph/,
    'Query.t',
  ],
  [
    'a key that is no selection set',
    'type T @key(selectionSet: "{ id") { id: ID! } type Query { t(id: ID): T @merge(keyField: "id") }',
    /Expected "selectionSet" to be one such as "{ id }"/,
    'T',
  ],
  [
    'types that the field cannot answer',
    'interface I { id: ID! } type T implements I { id: ID! } type Query { t(id: ID): I @merge(keyField: "id", types: ["U"]) }',
    /Expected "types" to name object types that "I" can be \(T\), found "U"/,
    'Query.t',
  ],
  [
    'a computed field of a type that nothing looks up',
    'type T @key(selectionSet: "{ id }") { id: ID! x: Int @computed(selectionSet: "{ y }") } type Query { t: T }',
    /Expected a "@merge" field that returns "T"/,
    'T.x',
  ],
  [
    'a computed field that needs what no subgraph has',
    'type T @key(selectionSet: "{ id }") { id: ID! x: Int @computed(selectionSet: "{ y }") } type Query { t(id: ID!): T @merge(keyField: "id") }',
    /It needs "T.y", which no subgraph has/,
    'T.x',
  ],
];

for (const [title, sdl, message, path] of refused) {
  test(`refused: ${title}`, () => {
    const result = compose([subgraph('one', `${words}\n${sdl}`)], { findUnsatisfied });
    assert.ok('issues' in result);
    assert.deepEqual(
      result.issues.map((issue) => [issue.path, issue.subgraphs]),
      [[path, ['one']]],
    );
    assert.match(result.issues[0]?.message ?? '', message);
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
