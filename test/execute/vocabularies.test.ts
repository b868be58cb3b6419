import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse, print, visit } from 'graphql';
import { createExecutor } from '../../src/execute/createExecutor.ts';
import type { Source, SourceResult } from '../../src/execute/Source.ts';
import { checkSdl } from '../../src/sources/checkSdl.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';

type Row = Readonly<Record<string, unknown>>;

const page = await readFile(join(import.meta.dirname, '../../docs/vocabularies.md'), 'utf8');

function sdlOf(name: string): string {
  const text = new RegExp(`^\`\`\`graphql file=mixed/${name}\\.graphql\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1];
  assert.ok(text !== undefined, name);
  return text;
}

const rows: readonly Row[] = [
  { upc: '1', name: 'Lamp', price: 10, weight: 1 },
  { upc: '2', name: 'Chair', price: 20, weight: null },
];
const resolvers: Readonly<Record<string, Parameters<typeof makeExecutableSchema>[0]['resolvers']>> = {
  catalog: {
    Query: {
      products: () => rows,
      _entities: (_: unknown, { representations }: { representations: Row[] }) =>
        representations.map(({ upc }) => ({ __typename: 'Product', ...rows.find((row) => row['upc'] === upc) })),
    },
    _Entity: { __resolveType: ({ __typename }: Row) => __typename },
  },
  shipping: {
    Query: {
      parcels: (_: unknown, { keys }: { keys: Row[] }) =>
        keys.map((key) => ({ ...key, estimate: Number(key['price']) + Number(key['weight'] ?? 100) })).reverse(),
    },
  },
  stock: {
    Query: { productByUpc: (_: unknown, { upc }: Row) => (upc === '1' ? { upc, inStock: 7 } : null) },
    Product: { shelf: (_: unknown, { width }: Row) => `shelf ${width}` },
  },
};
const ENTITIES =
  'union _Entity = Product scalar _Any extend type Query { _entities(representations: [_Any!]!): [_Entity]! }';

function source(name: string): Source {
  const plain = print(
    visit(parse(sdlOf(name)), {
      SchemaExtension: () => null,
      Directive: () => null,
      DirectiveDefinition: () => null,
    }),
  );
  const schema = makeExecutableSchema({
    typeDefs: name === 'catalog' ? `${plain} ${ENTITIES}` : plain,
    resolvers: resolvers[name] ?? {},
  });
  return {
    name,
    async fetch({ operation, variables }) {
      const document = parse(operation.document);
      const result = await execute({ schema, document, variableValues: JSON.parse(variables) });
      return JSON.parse(JSON.stringify(result)) as SourceResult;
    },
  };
}

const names = ['catalog', 'shipping', 'stock'];

test('subgraphs of three vocabularies are one graph, which its document alone describes', async () => {
  const composed = compose(
    names.map((name) => ({ name, url: '', sdl: sdlOf(name), definition: { source: { kind: 'graphql' } } })),
  );
  assert.ok('sdl' in composed, JSON.stringify(composed));
  const executor = createExecutor({
    supergraph: parseSupergraph(composed.sdl),
    sources: new Map(names.map((name) => [name, source(name)])),
  });
  const document = parse('{ products { name estimate inStock shelf } }');
  const result = await executor.execute({ document, context: { headers: new Headers() } });
  assert.deepEqual(JSON.parse(JSON.stringify(result)), {
    data: {
      products: [
        { name: 'Lamp', estimate: 11, inStock: 7, shelf: 'shelf 1' },
        { name: 'Chair', estimate: 120, inStock: null, shelf: null },
      ],
    },
  });
});

test('the scalars of the Composite Schemas vocabulary need no definition', () => {
  assert.deepEqual(
    checkSdl(
      'directive @require(field: FieldSelectionMap!) on ARGUMENT_DEFINITION directive @key(fields: FieldSelectionSet!) on OBJECT type Query { a: Int }',
    ),
    [],
  );
});
