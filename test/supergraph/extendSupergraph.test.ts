import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Issue } from '../../src/errors/Issue.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { extendSupergraph } from '../../src/supergraph/gatewaySchema/extendSupergraph.ts';
import type { ResolverFacts } from '../../src/supergraph/gatewaySchema/GatewaySchema.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { readSubgraphs } from '../support/readSubgraphs.ts';

const SUBGRAPHS = `
# subgraph: products
type Query { products: [Product!]! }
type Product @key(fields: "upc") @key(fields: "sku") { upc: ID! sku: ID! name: String! size: Size }
type Size { width: Int! }
enum Kind { A B }
scalar When

# subgraph: gateway
type Query { reviews(of: ID!): [String!] }
type Product @key(fields: "upc") { upc: ID! stars: Int }
`;

function graph(): string {
  const composed = compose(readSubgraphs(SUBGRAPHS));
  assert.ok('sdl' in composed);
  return composed.sdl;
}

function extend(sdl: string, resolvers: Readonly<Record<string, ResolverFacts>> = {}) {
  return extendSupergraph(graph(), {
    typeDefs: [{ sdl, file: 'more.graphql' }],
    resolvers: new Map(Object.entries(resolvers)),
  });
}

const CASES: readonly (readonly [string, string, Readonly<Record<string, ResolverFacts>>, Partial<Issue>])[] = [
  ['syntax', 'extend type Product {', {}, { line: 1, column: 22, file: 'more.graphql' }],
  [
    'a type that the graph does not have',
    'extend type Prodct { a: Int }',
    {},
    { message: 'No type "Prodct" is in the graph; did you mean "Product"?', line: 1, file: 'more.graphql' },
  ],
  [
    'a type that the graph has already',
    'type Product { a: Int }',
    {},
    { message: 'Type "Product" is in the graph already. Write "extend type Product" to give it more fields.' },
  ],
  [
    'a type that is no object',
    'extend enum Kind { C }',
    {},
    { message: '"Kind" cannot be extended: object types can.' },
  ],
  [
    'a type without a key',
    'extend type Size { area: Int }',
    { 'Size.area': {} },
    {
      message:
        '"Size" has no key in any subgraph, so that the gateway could not tell its objects apart. Give it a "@key" in a subgraph, or write "extend type Size @key(fields: ...)" here.',
      path: 'Size',
      line: 1,
    },
  ],
  [
    'a field that the graph has already',
    '\nextend type Product { name: String }',
    {},
    { message: 'Field "Product.name" is in the graph already.', subgraphs: ['products'], line: 2, column: 23 },
  ],
  [
    'a field without a resolver',
    'extend type Product { a: Int }',
    {},
    {
      message:
        'It has no resolver. Give it one in "additionalResolvers", or say by "@resolveTo" which subgraph answers it.',
      path: 'Product.a',
    },
  ],
  [
    'a resolver without a field',
    'extend type Product { shipping: Int }',
    { 'Product.shipping': {}, 'Product.shiping': {} },
    {
      message:
        '"additionalTypeDefs" has no field "Product.shiping" for this resolver. Did you mean "Product.shipping"?',
      path: 'Product.shiping',
    },
  ],
  [
    'an unknown field that a resolver reads',
    'extend type Product { a: Int }',
    { 'Product.a': { selectionSet: '{ size { widht } }' } },
    { message: '"Size" has no field "widht"; did you mean "width"?', path: 'Product.a' },
  ],
  [
    'an object that a resolver reads without saying what of it',
    'extend type Product { a: Int }',
    { 'Product.a': { selectionSet: '{ size }' } },
    { message: '"Product.size" needs a selection of its own.' },
  ],
  [
    'what a resolver of a root field reads',
    'extend type Query { a: Int }',
    { 'Query.a': { selectionSet: '{ products { upc } }' } },
    { message: 'A field of a root type has no object that it could read from.' },
  ],
  [
    'a type that is not defined',
    'extend type Product { a(b: Whn): Int }',
    { 'Product.a': {} },
    { message: 'Type "Whn" is not defined; did you mean "When"?', path: 'Product.a' },
  ],
  [
    'an unknown subgraph to resolve to',
    'extend type Product { a: Int @resolveTo(sourceName: "gatway", sourceFieldName: "x") }',
    {},
    { message: '"@resolveTo": no subgraph has the name "gatway"; did you mean "gateway"?' },
  ],
  [
    'a field to resolve to that another subgraph has',
    'extend type Product { a: Int @resolveTo(sourceName: "products", sourceFieldName: "reviews") }',
    {},
    { message: '"@resolveTo": the subgraph "products" has no field "Query.reviews".' },
  ],
  [
    'an argument that the field to resolve to does not have',
    'extend type Product { a: [String!] @resolveTo(sourceName: "gateway", sourceFieldName: "reviews", sourceArgs: { off: "{root.upc}" }) }',
    {},
    { message: '"@resolveTo": "Query.reviews" has no argument "off".' },
  ],
  [
    'an unknown argument of @resolveTo',
    'extend type Query { a: [String!] @resolveTo(sourceName: "gateway", sourceFieldName: "reviews", args: {}) }',
    {},
    { path: 'Query.a' },
  ],
  [
    'a directive that is for subgraphs',
    'extend type Product { a: Int @external }',
    { 'Product.a': {} },
    { message: '"@external" says something of a subgraph; the gateway\'s own fields have no such directive.' },
  ],
];

for (const [name, sdl, resolvers, expected] of CASES) {
  test(`a gateway schema with a mistake is refused: ${name}`, () => {
    const result = extend(sdl, resolvers);
    assert.ok('issues' in result);
    assert.equal(result.issues.length, 1, JSON.stringify(result.issues));
    const [issue] = result.issues;
    assert.deepEqual({ ...issue, ...expected }, issue);
    assert.match(issue?.code ?? '', /^INVALID_G/);
  });
}

test('all mistakes are told at once', () => {
  const result = extend('extend type Product { a: Int b: Nope } extend type Nope { c: Int }');
  assert.ok('issues' in result);
  assert.deepEqual(
    result.issues.map(({ path }) => path),
    [undefined, 'Product.a', 'Product.b', 'Product.b'],
  );
});

test('the gateway is one more subgraph, under a free name, with one key of the entity', () => {
  const result = extend('extend type Product { a: Int }', { 'Product.a': { selectionSet: '{ name }' } });
  assert.ok('sdl' in result);
  const { subgraphs, types, clientSchema } = parseSupergraph(result.sdl);
  const gateway = subgraphs.at(-1);
  assert.equal(gateway?.name, 'gateway_');
  assert.equal(gateway.definition.source.kind, 'resolvers');
  const product = types.get('Product');
  const { id } = gateway;
  assert.deepEqual([...(product?.fields.get('a')?.owners.keys() ?? [])], [id]);
  assert.deepEqual(
    product?.graphs.get(id)?.lookups.map(({ kind }) => kind),
    ['entities'],
  );
  assert.deepEqual([...(product?.graphs.get(id)?.keyFields ?? [])], ['upc']);
  assert.equal(product?.fields.get('sku')?.owners.has(id), false);
  assert.equal(product?.fields.get('name')?.owners.has(id), false);
  assert.ok(clientSchema.getType('Product'));
});

test('a key on the extension is the one that is used', () => {
  const result = extend('extend type Product @key(fields: "sku") { a: Int }', { 'Product.a': {} });
  assert.ok('sdl' in result);
  const { subgraphs, types } = parseSupergraph(result.sdl);
  assert.deepEqual([...(types.get('Product')?.graphs.get(subgraphs.length - 1)?.keyFields ?? [])], ['sku']);
});

test('an extended document can be extended again', () => {
  const once = extend('extend type Product { a: Int }', { 'Product.a': {} });
  assert.ok('sdl' in once);
  const resolvers = new Map([['Query.b', {}]]);
  const twice = extendSupergraph(once.sdl, { typeDefs: [{ sdl: 'extend type Query { b: Product }' }], resolvers });
  assert.ok('sdl' in twice);
  const { subgraphs } = parseSupergraph(twice.sdl);
  assert.deepEqual(
    subgraphs.map(({ name, definition }) => [name, definition.source.kind]),
    [
      ['gateway', 'graphql'],
      ['products', 'graphql'],
      ['gateway_', 'resolvers'],
      ['gateway__', 'resolvers'],
    ],
  );
});
