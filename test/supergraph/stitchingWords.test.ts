import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { stitchSchemas } from '@graphql-tools/stitch';
import { FilterObjectFields, RenameObjectFields, RenameTypes, wrapSchema } from '@graphql-tools/wrap';
import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  parse,
  printType,
} from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source, SourceResult } from '../../src/execute/Source.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { MergedType, Subgraph } from '../../src/supergraph/Subgraph.ts';
import { transformSubgraph } from '../../src/supergraph/transformSubgraph.ts';

const names: Readonly<Record<string, string>> = { p1: 'Lamp', p2: 'Chair', p3: 'Table' };
const stars: Readonly<Record<string, number>> = { p1: 4, p3: 5 };

const productsSdl = `
  type Query { products: [Product!]! productsByUpcs(upcs: [ID!]!): [Product]! }
  type Product { upc: ID! name: String }`;
const reviewsSdl = `
  type Query { ratedProduct(upc: ID!): Product authors(filter: AuthorFilter!): [Author]! bestRated: Product }
  input AuthorFilter { idIn: [ID!]! }
  type Product { upc: ID! stars: Int author: Author }
  type Author { id: ID! nick: String }`;
const shippingSdl = `
  type Query { parcels(keys: [ProductKey!]!): [Product]! }
  input ProductKey { upc: ID! name: String }
  type Product { upc: ID! label: String zone: String }`;
const authorsSdl = 'type Query { author(id: ID!): Author } type Author { id: ID! fullName: String }';

const products = makeExecutableSchema({
  typeDefs: productsSdl,
  resolvers: {
    Query: {
      products: () => Object.keys(names).map(product),
      productsByUpcs: (_: unknown, { upcs }: { upcs: string[] }) => upcs.map(product),
    },
  },
});
const reviews = makeExecutableSchema({
  typeDefs: reviewsSdl,
  resolvers: {
    Query: {
      ratedProduct: (_: unknown, { upc }: { upc: string }) => (stars[upc] === undefined ? null : rated(upc)),
      bestRated: () => rated('p3'),
      authors: (_: unknown, { filter }: { filter: { idIn: string[] } }) =>
        filter.idIn.map((id) => ({ id, nick: `nick-${id}` })),
    },
  },
});
const shipping = makeExecutableSchema({
  typeDefs: shippingSdl,
  resolvers: {
    Query: {
      parcels: (_: unknown, { keys }: { keys: { upc: string; name?: string }[] }) =>
        keys.map(({ upc, name }) => ({ upc, zone: `zone ${upc}`, label: `This is ${name}` })),
    },
  },
});
const authors = makeExecutableSchema({
  typeDefs: authorsSdl,
  resolvers: { Query: { author: (_: unknown, { id }: { id: string }) => ({ id, fullName: `Author ${id}` }) } },
});

function product(upc: string) {
  return { upc, name: names[upc] };
}

function rated(upc: string) {
  return { upc, stars: stars[upc], author: { id: `a-${upc}` } };
}

/** The same words twice: as functions for the stitching engine, as data for Weft. */
const stitched = stitchSchemas({
  subschemas: [
    {
      schema: products,
      merge: {
        Product: {
          selectionSet: '{ upc }',
          fieldName: 'productsByUpcs',
          key: ({ upc }: { upc: string }) => upc,
          argsFromKeys: (upcs: readonly unknown[]) => ({ upcs }),
        },
      },
    },
    {
      schema: reviews,
      merge: {
        Product: { selectionSet: '{ upc }', fieldName: 'ratedProduct', args: ({ upc }: { upc: string }) => ({ upc }) },
        Author: {
          selectionSet: '{ id }',
          fieldName: 'authors',
          key: ({ id }: { id: string }) => id,
          argsFromKeys: (idIn: readonly unknown[]) => ({ filter: { idIn } }),
        },
      },
    },
    {
      schema: shipping,
      merge: {
        Product: {
          selectionSet: '{ upc }',
          fields: { label: { selectionSet: '{ name }', computed: true } },
          fieldName: 'parcels',
          key: ({ upc, name }: { upc: string; name?: string }) => ({ upc, name }),
          argsFromKeys: (keys: readonly unknown[]) => ({ keys }),
        },
      },
    },
    {
      schema: authors,
      merge: { Author: { selectionSet: '{ id }', fieldName: 'author', args: ({ id }: { id: string }) => ({ id }) } },
    },
  ],
});

const merges: Readonly<Record<string, Readonly<Record<string, readonly MergedType[]>>>> = {
  products: {
    Product: [{ selectionSet: '{ upc }', fieldName: 'productsByUpcs', key: 'upc', argsFromKeys: { upcs: '$keys' } }],
  },
  reviews: {
    Product: [{ selectionSet: '{ upc }', fieldName: 'ratedProduct', args: { upc: '$key.upc' } }],
    Author: [{ selectionSet: '{ id }', fieldName: 'authors', key: 'id', argsFromKeys: { filter: { idIn: '$keys' } } }],
  },
  shipping: {
    Product: [
      {
        selectionSet: '{ upc }',
        fieldName: 'parcels',
        argsFromKeys: { keys: '$keys' },
        fields: { label: { selectionSet: '{ name }', computed: true } },
      },
    ],
  },
  authors: { Author: [{ selectionSet: '{ id }', fieldName: 'author', args: { id: '$key.id' } }] },
};

function subgraph(name: string, sdl: string): Subgraph {
  return { name, url: '', sdl, definition: { source: { kind: 'graphql' }, merge: merges[name] } };
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

function weft() {
  const composed = compose([
    subgraph('products', productsSdl),
    subgraph('reviews', reviewsSdl),
    subgraph('shipping', shippingSdl),
    subgraph('authors', authorsSdl),
  ]);
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const sources = new Map([
    ['products', sourceOf('products', products)],
    ['reviews', sourceOf('reviews', reviews)],
    ['shipping', sourceOf('shipping', shipping)],
    ['authors', sourceOf('authors', authors)],
  ]);
  return createExecutor({ supergraph: parseSupergraph(composed.sdl), sources });
}

const operations = [
  '{ products { name stars } }',
  '{ products { upc author { fullName nick } } }',
  '{ bestRated { name stars author { nick } } }',
  '{ products { label } }',
  '{ products { label zone stars } bestRated { label } }',
  '{ products { zone } }',
  '{ a: productsByUpcs(upcs: ["p3", "p1"]) { stars name } b: products { name } }',
];

for (const operation of operations) {
  test(`merge configuration means what it means to the stitching engine: ${operation}`, async () => {
    const document = parse(operation);
    const expected = (await execute({ schema: stitched, document })) as ExecutionResult;
    const actual = await weft().execute({ document, context: { headers: new Headers() } });
    assert.equal(expected.errors, undefined);
    assert.deepEqual(plain(actual), plain(expected));
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('transforms mean what they mean to the wrapping engine', () => {
  const rename = { Product: 'Article', 'Product.upc': 'sku', 'Query.bestRated': 'favourite' };
  const wrapped = wrapSchema({
    schema: reviews,
    transforms: [
      new RenameObjectFields((type, field) => (rename as Record<string, string>)[`${type}.${field}`] ?? field),
      new FilterObjectFields((type, field) => `${type}.${field}` !== 'Author.nick'),
      new RenameTypes((type) => (type === 'Product' ? 'Article' : `Shop${type}`)),
    ],
  });
  const plainSubgraph = {
    name: 'reviews',
    url: '',
    sdl: reviewsSdl,
    definition: { source: { kind: 'graphql' as const } },
  };
  const transformed = transformSubgraph(plainSubgraph, { prefix: 'Shop', rename, hide: ['Author.nick'] });
  assert.ok('subgraph' in transformed);
  const composed = compose([transformed.subgraph]);
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const types = (schema: GraphQLSchema) =>
    Object.values(lexicographicSortSchema(schema).getTypeMap())
      .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type))
      .map((type) => printType(type));
  assert.deepEqual(types(parseSupergraph(composed.sdl).clientSchema), types(wrapped));
});

test('computed fields of a configuration have to fit', () => {
  const entry = { selectionSet: '{ upc }', fieldName: 'parcels', key: 'upc', argsFromKeys: { keys: '$keys' } };
  const fields = { price: { selectionSet: '{ name }' } };
  const definition = { source: { kind: 'graphql' as const }, merge: { Product: [{ ...entry, fields }] } };
  const composed = compose([{ name: 'shipping', url: '', sdl: shippingSdl, definition }]);
  assert.ok('issues' in composed);
  assert.deepEqual(
    composed.issues.map(({ path, message }) => [path, message]),
    [
      ['merge.Product.fields.price', '"Product" has no field "price" in this subgraph.'],
      [
        'merge.Product.key',
        'Expected no "key" beside computed fields: what they need is sent in an object with the key.',
      ],
    ],
  );
});
