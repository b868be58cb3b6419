import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { prepareOperation } from '../../src/execute/prepareOperation.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { transformSubgraph } from '../../src/supergraph/transformSubgraph.ts';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires"])';

function subgraph(name: string, sdl: string, definition: Partial<Subgraph['definition']> = {}): Subgraph {
  return { name, url: `http://127.0.0.1/${name}`, sdl, definition: { source: { kind: 'graphql' }, ...definition } };
}

function composed(subgraphs: readonly Subgraph[]): string {
  const result = compose(subgraphs);
  assert.ok('sdl' in result, JSON.stringify('issues' in result ? result.issues : []));
  return result.sdl;
}

function refused(subgraphs: readonly Subgraph[]) {
  const result = compose(subgraphs);
  assert.ok('issues' in result, 'composed, though it should not');
  return result.issues;
}

const products = subgraph(
  'products',
  `${FEDERATION} type Query { top: [Product!]! } type Product @key(fields: "upc") { upc: ID! name: String! }`,
);
const reviews = subgraph(
  'reviews',
  'type Query { productsByUpcs(upcs: [ID!]!): [Product]! } type Product { upc: ID! stars: Int }',
  {
    merge: {
      Product: [{ selectionSet: '{ upc }', fieldName: 'productsByUpcs', key: 'upc', argsFromKeys: { upcs: '$keys' } }],
    },
  },
);

test('federated subgraphs compose to a document that says nothing of Weft', () => {
  const sdl = composed([
    products,
    subgraph('stock', `${FEDERATION} type Product @key(fields: "upc") { upc: ID! inStock: Boolean }`),
  ]);
  assert.doesNotMatch(sdl, /weft/i);
  assert.match(sdl, /@join__graph\(name: "stock", url: "http:\/\/127.0.0.1\/stock"\)/);
});

test('the same subgraphs compose to the same text', () => {
  assert.equal(composed([products, reviews]), composed([products, reviews]));
});

test('a plain subgraph is joined by its merge configuration, and the document carries it', () => {
  const supergraph = parseSupergraph(composed([products, reviews]));
  assert.deepEqual(supergraph.subgraphs[1]?.definition, reviews.definition);
  const lookups = supergraph.types.get('Product')?.graphs.get(1)?.lookups;
  assert.equal(lookups?.[0]?.kind, 'rootBatch');
  assert.equal(supergraph.clientSchema.getQueryType()?.getFields()['productsByUpcs']?.type.toString(), '[Product]!');
});

test('a merge configuration that does not fit its schema is refused with every problem', () => {
  const wrong = subgraph('reviews', reviews.sdl, {
    merge: {
      Product: [{ selectionSet: '{ sku }', fieldName: 'productsByUpcs', args: { upc: '$key.upc' } }],
      Nothing: [{ selectionSet: '{ id }', fieldName: 'nothing', args: { id: '$key.id' } }],
    },
  });
  const issues = refused([products, wrong]).map(({ path, message }) => `${path}: ${message}`);
  assert.deepEqual(issues, [
    'merge.Product.selectionSet: "Product" has no field "sku" in this subgraph.',
    'merge.Product.fieldName: Expected a field that returns one value; "productsByUpcs" returns a list.',
    'merge.Product.args: "productsByUpcs" has no argument "upc".',
    'merge.Product.args: "productsByUpcs" needs the argument "upcs".',
    'merge.Nothing: Expected the name of an object type of this subgraph, found "Nothing".',
  ]);
});

test('what a REST or gRPC service promises of a merged type is nullable beyond its key', () => {
  const sdl = 'type Query { stock(upcs: [ID!]!): [Product!]! } type Product { upc: ID! quantity: Int! }';
  const stock = subgraph('stock', sdl, {
    source: { kind: 'openapi', document: '{}' },
    merge: { Product: [{ selectionSet: '{ upc }', fieldName: 'stock', key: 'upc', argsFromKeys: { upcs: '$keys' } }] },
  });
  const fields = parseSupergraph(composed([products, stock])).clientSchema.getType('Product');
  assert.equal(
    fields !== undefined && 'getFields' in fields ? fields.getFields()['quantity']?.type.toString() : '',
    'Int',
  );
});

test('two subgraphs that both have a root field are refused by name, with a hint', () => {
  const other = subgraph(
    'other',
    `${FEDERATION} type Query { top: [Product!]! } type Product @key(fields: "upc") { upc: ID! }`,
  );
  const issues = refused([products, other]);
  assert.equal(issues[0]?.code, 'INVALID_FIELD_SHARING');
  assert.equal(issues[0]?.path, 'Query.top');
  assert.deepEqual(issues[0]?.subgraphs, ['products', 'other']);
  assert.match(issues[0]?.message ?? '', /Rename or hide it/);
});

test('syntax errors of all subgraphs come at once', () => {
  const issues = refused([subgraph('a', 'type Query {'), subgraph('b', 'type {')]);
  assert.deepEqual(
    issues.map((issue) => issue.subgraphs),
    [['a'], ['b']],
  );
});

test('a federation version that the composer does not know is read as the newest that it knows', () => {
  const newest = subgraph(
    'a',
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"]) type Query { a: A } type A @key(fields: "id") { id: ID! }',
  );
  assert.match(composed([newest]), /type A/);
});

test('prefixes and renames keep keys, requirements and merge configuration in step, and are undone for the source', () => {
  const sdl = `${FEDERATION} type Query { item: Item } type Item @key(fields: "id maker { code }") { id: ID! maker: Maker! weight: Int @external cost: Int @requires(fields: "weight") } type Maker { code: ID! }`;
  const transformed = transformSubgraph(subgraph('shop', sdl), {
    prefix: 'Shop',
    rename: { Item: 'Product', 'Item.id': 'upc', 'Maker.code': 'key', 'Item.weight': 'grams' },
  });
  assert.ok('subgraph' in transformed);
  assert.match(transformed.subgraph.sdl, /type Product @key\(fields: "upc maker \{ key \}"\)/);
  assert.match(transformed.subgraph.sdl, /cost: Int @requires\(fields: "grams"\)/);
  assert.match(transformed.subgraph.sdl, /maker: ShopMaker!/);
  assert.deepEqual(transformed.subgraph.definition.renames, {
    types: { Product: 'Item', ShopMaker: 'Maker' },
    fields: { 'Product.upc': 'id', 'Product.grams': 'weight', 'ShopMaker.key': 'code' },
  });
});

test('what is hidden stays usable as a key, and clients do not see it', () => {
  const hidden = transformSubgraph(reviews, { hide: ['Query.productsByUpcs'] });
  assert.ok('subgraph' in hidden);
  const supergraph = parseSupergraph(composed([products, hidden.subgraph]));
  assert.equal(supergraph.clientSchema.getQueryType()?.getFields()['productsByUpcs'], undefined);
  assert.equal(supergraph.types.get('Query')?.fields.has('productsByUpcs'), true);
});

test('a transform of something that is not there is refused with a suggestion', () => {
  const result = transformSubgraph(reviews, { rename: { 'Product.star': 'rating' } });
  assert.ok('issues' in result);
  assert.equal(
    result.issues[0]?.message,
    'Expected a type or "Type.field" of this subgraph, found "Product.star". Did you mean "Product.stars"?',
  );
});

test('what a newer version brought does not keep a subgraph from composing', () => {
  const newest = subgraph(
    'a',
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@cacheTag"]) type Query { a: A } type A @key(fields: "id") @cacheTag(format: "a") { id: ID! }',
  );
  assert.match(composed([newest]), /type A/);
});

test('two things that a transform would give one name are refused', () => {
  const result = transformSubgraph(reviews, { rename: { Product: 'Query', 'Product.stars': 'upc' } });
  assert.ok('issues' in result);
  assert.deepEqual(
    result.issues.map((issue) => issue.message),
    [
      '"Query" and "Product" would both be named "Query".',
      '"Product.upc" and "Product.stars" would both be named "upc".',
    ],
  );
});

test('a key of the single form does not stand for a list of keys', () => {
  const wrong = subgraph('reviews', 'type Query { product(upc: ID!): Product } type Product { upc: ID! stars: Int }', {
    merge: { Product: [{ selectionSet: '{ upc }', fieldName: 'product', args: { upc: '$keys' } }] },
  });
  assert.deepEqual(
    refused([products, wrong]).map((issue) => issue.message),
    ['Expected "$key.<field>" where the key belongs; found none.'],
  );
});

test('a plain type that carries the key of another subgraph can be left by it', () => {
  const cart = subgraph('cart', 'type Query { cart: Cart } type Cart { items: [Product!] } type Product { upc: ID! }');
  const supergraph = parseSupergraph(composed([products, cart]));
  const { plan } = prepareOperation(parse('{ cart { items { name } } }'), null, createRouter(supergraph));
  assert.deepEqual(
    plan.fetches.map((fetch) => supergraph.subgraphs[fetch.graph]?.name),
    ['cart', 'products'],
  );
});
