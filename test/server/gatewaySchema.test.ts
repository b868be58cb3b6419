import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { GraphQLError, parse } from 'graphql';
import {
  type ConfigInput,
  createGateway,
  type Gateway,
  type IssuesError,
  type ResolverContext,
} from '../../src/index.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { type ShopBackends, startShopBackends } from './support/startShopBackends.ts';

type Schema = Pick<ConfigInput, 'additionalTypeDefs' | 'additionalResolvers'>;

interface Started extends ShopBackends {
  readonly gateway: Gateway;
  readonly logged: unknown[][];
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

async function start(t: TestContext, schema: Schema): Promise<Started> {
  const backends = await startShopBackends(t);
  const state = await mkdtemp(join(tmpdir(), 'weft-gateway-schema-'));
  const logged: unknown[][] = [];
  const log = { info() {}, warn() {}, error: (...parts: unknown[]) => void logged.push(parts) };
  const gateway = await createGateway({ subgraphs: [...backends.subgraphs], state_directory: state, log, ...schema });
  t.after(async () => {
    await gateway.close();
    await rm(state, { recursive: true, force: true });
  });
  return {
    ...backends,
    gateway,
    logged,
    async ask(query, variables) {
      const response = await gateway.fetch(
        new Request('http://any.example/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-tenant': 'acme' },
          body: JSON.stringify({ query, variables }),
        }),
      );
      return response.json();
    },
  };
}

const SHIPPING: Schema = {
  additionalTypeDefs: 'extend type Product { shipping(express: Boolean = false): Int }',
  additionalResolvers: {
    Product: {
      shipping: {
        selectionSet: '{ price(currency: USD) weight size { width } }',
        resolve: ({ price, weight, size }, { express }) =>
          weight === null ? null : price + weight * size.width * (express ? 2 : 1),
      },
    },
  },
};

describe('the gateway schema: computed fields', () => {
  it('has what a resolver reads before it runs, whatever the client asks for', async (t) => {
    const { ask, asked } = await start(t, SHIPPING);
    assert.deepEqual(await ask('{ products { name price shipping fast: shipping(express: true) } }'), {
      data: {
        products: [
          { name: 'product 1', price: 100, shipping: 120, fast: 130 },
          { name: 'product 2', price: 200, shipping: 260, fast: 300 },
          { name: 'product 3', price: 300, shipping: null, fast: null },
        ],
      },
    });
    assert.equal(asked.products.length, 1);
    assert.equal(asked.reviews.length, 0);
  });

  it('computes for entities that another subgraph found', async (t) => {
    const { ask, asked } = await start(t, SHIPPING);
    assert.deepEqual(await ask('{ bestSellers(of: 1) { stars shipping } }'), {
      data: { bestSellers: [{ stars: 1, shipping: 260 }] },
    });
    assert.deepEqual([asked.reviews.length, asked.products.length], [1, 1]);
  });

  it('resolves once for an entity that occurs twice', async (t) => {
    let calls = 0;
    const { ask } = await start(t, {
      additionalTypeDefs: 'extend type Product { label: String! }',
      additionalResolvers: {
        Product: {
          label: ({ upc }) => {
            calls += 1;
            return `label of ${upc}`;
          },
        },
      },
    });
    assert.deepEqual(await ask('{ a: product(upc: "p1") { label } b: product(upc: "p1") { label } }'), {
      data: { a: { label: 'label of p1' }, b: { label: 'label of p1' } },
    });
    assert.equal(calls, 1);
  });

  it('computes from fields of several subgraphs, and from another computed field', async (t) => {
    const { ask } = await start(t, {
      additionalTypeDefs: ['extend type Product { value: Int }', 'extend type Product { rank: String }'],
      additionalResolvers: {
        Product: {
          value: { selectionSet: '{ price stars }', resolve: ({ price, stars }) => price * (stars ?? 0) },
          rank: { selectionSet: '{ value name }', resolve: ({ value, name }) => `${name}: ${value}` },
        },
      },
    });
    assert.deepEqual(await ask('{ products { rank } }'), {
      data: { products: [{ rank: 'product 1: 300' }, { rank: 'product 2: 200' }, { rank: 'product 3: 0' }] },
    });
  });
});

describe('the gateway schema: where it stands', () => {
  it('extends a value type by a key of its own', async (t) => {
    const { ask, asked } = await start(t, {
      additionalTypeDefs: 'extend type Size @key(fields: "width height") { area: Int! }',
      additionalResolvers: { Size: { area: ({ width, height }) => width * height } },
    });
    assert.deepEqual(await ask('{ products { size { area } } }'), {
      data: { products: [{ size: { area: 2 } }, { size: { area: 8 } }, { size: { area: 18 } }] },
    });
    assert.equal(asked.products.length, 1);
  });

  it('extends a finished supergraph as well, and takes other resolvers over at a reload', async (t) => {
    const { subgraphs } = await startShopBackends(t);
    const folder = await mkdtemp(join(tmpdir(), 'weft-gateway-schema-'));
    const words = (word: string) => `
      const subgraphs = ${JSON.stringify(subgraphs.map(({ name, url }) => ({ name, url })))};
      export default {
        supergraph: './supergraph.graphql', subgraphs,
        additionalTypeDefs: './more.graphql',
        additionalResolvers: { Product: { label: { selectionSet: '{ name }', resolve: ({ name }) => '${word} ' + name } } },
      };`;
    const composed = compose(
      subgraphs.map(({ name, url, schema }) => ({
        name,
        url,
        sdl: schema.sdl,
        definition: { source: { kind: 'graphql' } },
      })),
    );
    assert.ok('sdl' in composed);
    await writeFile(join(folder, 'supergraph.graphql'), composed.sdl);
    await writeFile(join(folder, 'more.graphql'), 'extend type Product { label: String }');
    await writeFile(join(folder, 'weft.config.mjs'), words('the'));
    const log = { info() {}, warn() {}, error() {} };
    const gateway = await createGateway({ configFile: join(folder, 'weft.config.mjs'), log });
    t.after(async () => {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    });
    const url = `http://any.example/graphql?query=${encodeURIComponent('{ product(upc: "p1") { label } }')}`;
    const ask = async () => (await gateway.fetch(new Request(url))).json();
    assert.deepEqual(await ask(), { data: { product: { label: 'the product 1' } } });
    await writeFile(join(folder, 'weft.config.mjs'), words('a'));
    await gateway.reload('test');
    assert.deepEqual(await ask(), { data: { product: { label: 'a product 1' } } });
  });

  it('refuses to start with mistakes, and says all of them', async (t) => {
    await assert.rejects(
      start(t, { additionalTypeDefs: ['extend type Product { a: Int b: Nope }', 'extend type Query { c: Int }'] }),
      (error: IssuesError) => {
        assert.deepEqual(
          error.issues.map(({ path }) => path),
          ['Product.a', 'Product.b', 'Product.b', 'Query.c'],
        );
        return true;
      },
    );
  });
});

describe('the gateway schema: root fields', () => {
  it('answers with values, types of its own and references that other subgraphs complete', async (t) => {
    const { ask, asked } = await start(t, {
      additionalTypeDefs: parse(`
        extend type Query { offer(percent: Int!): Offer hello: String! any(kind: Kind!): Thing }
        type Offer { percent: Int! product: Product size: Size kind: Kind! }
        enum Kind { OFFER PRODUCT }
        union Thing = Offer | Product
      `),
      additionalResolvers: {
        Query: {
          hello: (_root, _args, context) => `hello ${context.headers.get('x-tenant')}`,
          offer: (_root, { percent }) => ({
            percent,
            product: { upc: 'p2' },
            size: { width: 7, height: 8 },
            kind: 'OFFER',
          }),
          any: (_root, { kind }) =>
            kind === 'OFFER' ? { __typename: 'Offer', percent: 1, kind } : { __typename: 'Product', upc: 'p1' },
        },
      },
    });
    assert.deepEqual(
      await ask(
        '{ hello offer(percent: 5) { percent kind size { width height } product { name stars size { height } } } }',
      ),
      {
        data: {
          hello: 'hello acme',
          offer: {
            percent: 5,
            kind: 'OFFER',
            size: { width: 7, height: 8 },
            product: { name: 'product 2', stars: 1, size: { height: 4 } },
          },
        },
      },
    );
    assert.deepEqual([asked.products.length, asked.reviews.length], [1, 1]);
    assert.deepEqual(
      await ask(
        '{ a: any(kind: OFFER) { ...T } b: any(kind: PRODUCT) { ...T } } fragment T on Thing { __typename ... on Offer { percent } ... on Product { name } }',
      ),
      { data: { a: { __typename: 'Offer', percent: 1 }, b: { __typename: 'Product', name: 'product 1' } } },
    );
  });

  it('adds mutations and subscriptions, also where the graph had none', async (t) => {
    const { ask, gateway } = await start(t, {
      additionalTypeDefs: 'extend type Mutation { reset: Product! } extend type Subscription { ticks: Product! }',
      additionalResolvers: {
        Mutation: { reset: () => ({ upc: 'p3' }) },
        Subscription: {
          ticks: {
            async *subscribe() {
              yield { ticks: { upc: 'p1' } };
              yield { ticks: { upc: 'p2' } };
            },
            resolve: (event) => event.ticks,
          },
        },
      },
    });
    assert.deepEqual(await ask('mutation { reset { name } }'), { data: { reset: { name: 'product 3' } } });
    const response = await gateway.fetch(
      new Request('http://any.example/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: 'subscription { ticks { name } }' }),
      }),
    );
    const events = [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, text = '']) => JSON.parse(text));
    assert.deepEqual(events, [{ data: { ticks: { name: 'product 1' } } }, { data: { ticks: { name: 'product 2' } } }]);
  });
});

describe('the gateway schema: asking the graph', () => {
  it('runs operations over the whole graph', async (t) => {
    const { ask } = await start(t, {
      additionalTypeDefs: 'extend type Query { count: Int! }',
      additionalResolvers: {
        Query: {
          async count(_root, _args, context: ResolverContext) {
            const { data } = await context.execute('query ($of: Int) { bestSellers(of: $of) { name } }', { of: 2 });
            return (data as { bestSellers: unknown[] }).bestSellers.length;
          },
        },
      },
    });
    assert.deepEqual(await ask('{ count }'), { data: { count: 2 } });
  });

  it('asks a subgraph with arguments for what the client selects; calls of one turn share a request', async (t) => {
    const { ask, asked } = await start(t, {
      additionalTypeDefs: 'extend type Product { reviews(first: Int): ReviewList }',
      additionalResolvers: {
        Product: {
          reviews: ({ upc }, { first }, context, info) =>
            context.call({ subgraph: 'reviews', field: 'reviewsOf', args: { upc, first }, info }),
        },
      },
    });
    const query = `query ($first: Int, $upper: Boolean!, $body: Boolean!) {
      products { name reviews(first: $first) { total a: note(upper: $upper) b: note nodes { id body @include(if: $body) author { nick } } } }
    }`;
    const node = (id: string, n: number) => ({ id, author: { nick: `user ${n}` } });
    assert.deepEqual(await ask(query, { first: 2, upper: true, body: false }), {
      data: {
        products: [
          { name: 'product 1', reviews: { total: 2, a: 'NOTE', b: 'note', nodes: [node('p1-0', 0), node('p1-1', 1)] } },
          { name: 'product 2', reviews: { total: 1, a: 'NOTE', b: 'note', nodes: [node('p2-0', 0)] } },
          { name: 'product 3', reviews: { total: 0, a: 'NOTE', b: 'note', nodes: [] } },
        ],
      },
    });
    // One for all lists of reviews, one for their authors.
    assert.deepEqual([asked.products.length, asked.reviews.length], [1, 2]);
  });

  it('ends a circle of resolvers', async (t) => {
    const { ask } = await start(t, {
      additionalTypeDefs: 'extend type Query { again: String }',
      additionalResolvers: {
        Query: {
          async again(_root, _args, context: ResolverContext) {
            const { data, errors } = await context.execute('{ again }');
            if (errors?.[0] !== undefined) throw errors[0];
            return (data as { again: string }).again;
          },
        },
      },
    });
    const { data, errors } = (await ask('{ again }')) as { data: unknown; errors: { message: string }[] };
    assert.deepEqual(data, { again: null });
    assert.match(errors[0]?.message ?? '', /more than 10 deep/);
  });
});

describe('@resolveTo', () => {
  it('answers by a field of a subgraph, without a resolver', async (t) => {
    const { ask, asked } = await start(t, {
      additionalTypeDefs: `
        extend type Product {
          topReviews(least: Int = 0): ReviewList
            @resolveTo(sourceName: "reviews", sourceTypeName: "Query", sourceFieldName: "reviewsOf", requiredSelectionSet: "{ upc }", sourceArgs: { upc: "{root.upc}", first: 2, "filter.minimum": "{args.least}" })
        }`.replace('"filter.minimum": "{args.least}"', 'filter: { minimum: "{args.least}" }'),
    });
    assert.deepEqual(await ask('{ products { topReviews(least: 1) { nodes { body } } } }'), {
      data: {
        products: [
          { topReviews: { nodes: [{ body: 'fine' }, { body: 'bad' }] } },
          { topReviews: { nodes: [] } },
          { topReviews: { nodes: [] } },
        ],
      },
    });
    assert.deepEqual([asked.products.length, asked.reviews.length], [1, 1]);
  });

  it('asks by a batch of keys, hidden fields too, and follows a path into the reply', async (t) => {
    const { ask, asked } = await start(t, {
      additionalTypeDefs: `
        extend type Product {
          reviewBodies: [String!] @resolveTo(sourceName: "reviews", sourceFieldName: "reviewsByUpcs", keyField: "upc", keysArg: "upcs", additionalArgs: { minimum: 1 }, result: "nodes.body")
          reviewList: ReviewList @resolveTo(sourceName: "reviews", sourceFieldName: "reviewsByUpcs", keyField: "upc", keysArg: "upcs")
        }`,
    });
    assert.deepEqual(await ask('{ products { reviewBodies reviewList { total } } }'), {
      data: {
        products: [
          { reviewBodies: ['fine', 'bad'], reviewList: { total: 3 } },
          { reviewBodies: [], reviewList: { total: 1 } },
          { reviewBodies: null, reviewList: null },
        ],
      },
    });
    assert.equal(asked.reviews.length, 1);
    assert.match(asked.reviews[0] ?? '', /c0: reviewsByUpcs.*c1: reviewsByUpcs/);
  });

  it('does not ask again for what the subgraph has of an entity, and joins the rest', async (t) => {
    const { ask, asked } = await start(t, {
      ...SHIPPING,
      additionalTypeDefs: [
        SHIPPING.additionalTypeDefs as string,
        'extend type Query { hits: [Product!]! @resolveTo(sourceName: "reviews", sourceFieldName: "bestSellers", sourceArgs: { of: 1 }) }',
      ],
    });
    assert.deepEqual(await ask('{ hits { stars } }'), { data: { hits: [{ stars: 1 }] } });
    assert.deepEqual([asked.products.length, asked.reviews.length], [0, 1]);
    assert.deepEqual(await ask('{ hits { stars name shipping } }'), {
      data: { hits: [{ stars: 1, name: 'product 2', shipping: 260 }] },
    });
    assert.deepEqual([asked.products.length, asked.reviews.length], [1, 2]);
  });
});

describe('the gateway schema: errors', () => {
  const failing = (error: unknown): Schema => ({
    additionalTypeDefs: 'extend type Product { risky: String tight: String! }',
    additionalResolvers: {
      Product: {
        risky: ({ upc }) => {
          if (upc === 'p2') throw error;
          return upc;
        },
        tight: () => null,
      },
    },
  });

  it('tells a GraphQLError as it was thrown, at its field alone', async (t) => {
    const error = new GraphQLError('No risk today.', { extensions: { code: 'CLOSED', until: 9 } });
    const { ask } = await start(t, failing(error));
    assert.deepEqual(await ask('{ products { risky } }'), {
      errors: [
        {
          message: 'No risk today.',
          path: ['products', 1, 'risky'],
          extensions: { code: 'CLOSED', until: 9, subgraph: 'gateway' },
        },
      ],
      data: { products: [{ risky: 'p1' }, { risky: null }, { risky: 'p3' }] },
    });
  });

  it('masks everything else and logs it', async (t) => {
    const { ask, logged } = await start(t, failing(new Error('the password is 1234')));
    const result = await ask('{ products { risky } }');
    assert.doesNotMatch(JSON.stringify(result), /password/);
    assert.deepEqual(
      (result as { errors: { extensions: unknown }[] }).errors.map(({ extensions }) => extensions),
      [{ code: 'INTERNAL_SERVER_ERROR', subgraph: 'gateway' }],
    );
    assert.match(String(logged.flat().join(' ')), /password/);
  });

  it('bubbles the null of a field that is never null', async (t) => {
    const { ask } = await start(t, failing(null));
    const { data, errors } = (await ask('{ product(upc: "p1") { name tight } }')) as {
      data: unknown;
      errors: { extensions: unknown; path: unknown }[];
    };
    assert.deepEqual(data, { product: null });
    assert.deepEqual(
      errors.map(({ path, extensions }) => [path, extensions]),
      [[['product', 'tight'], { code: 'NULL_VALUE', subgraph: 'gateway' }]],
    );
  });

  it('tells what the asked subgraph reported, inside a list, too, and that it is down', async (t) => {
    const { ask, kill } = await start(t, {
      additionalTypeDefs: `extend type Product { lost: ReviewList
        found: ReviewList @resolveTo(sourceName: "reviews", sourceFieldName: "reviewsOf", sourceArgs: { upc: "{root.upc}" }) }`,
      additionalResolvers: {
        Product: {
          lost: ({ upc }, _args, context, info) =>
            context.call({ subgraph: 'reviews', field: 'broken', args: { upc }, info }),
        },
      },
    });
    const codes = async (query: string) =>
      ((await ask(query)) as { errors: { path: unknown; message: string; extensions: { code: string } }[] }).errors.map(
        ({ path, extensions }) => [path, extensions.code],
      );
    assert.deepEqual(await codes('{ product(upc: "p1") { lost { total } } }'), [[['product', 'lost'], 'LOST']]);
    kill('reviews');
    assert.deepEqual(await codes('{ product(upc: "p1") { found { total } } }'), [
      [['product', 'found'], 'SUBGRAPH_UNREACHABLE'],
    ]);
  });
});
