import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ExecutionResult, parse } from 'graphql';
import type { Caller } from '../../src/execute/Source.ts';
import { createPair, type Data, errorPaths, type Pair, type PairOptions } from '../support/monolith.ts';
import { abstractData, requiresData } from '../support/planData.ts';
import { planSupergraph } from '../support/planSupergraph.ts';
import { callerWith } from '../support/protect.ts';

const things = [1, 2].map((n) => ({ id: String(n), x: n, y: n * 2, z: n * 3, w: n * 4 }));
const rootsData: Data = {
  roots: { shared: things[0], two: 'two', only: 'only', ping: 'pong', addA: things[0], addB: things[1] },
  entities: { Thing: things },
};

const listIn = ({ data }: ExecutionResult, key: string) => (data?.[key] ?? []) as Record<string, unknown>[];
const codes = (result: ExecutionResult) => new Set(result.errors?.map(({ extensions }) => extensions?.['code']));
const asked = (sent: readonly { readonly document: string }[], field: string) =>
  sent.some(({ document }) => new RegExp(`\\b${field}\\b`).test(document));

function pairOf(name: string, data: Data, options: PairOptions): Pair {
  return createPair(planSupergraph(name), data, options);
}

describe('a field that the caller may not read', () => {
  const protect = { 'Product.weight': '@requiresScopes(scopes: [["scales"]])', 'Dim.h': '@authenticated' };

  it('is null with an error at each place, and is not fetched', async () => {
    const pair = pairOf('requires', requiresData(), { protect });
    const { result, sent } = await pair.run('{ products { name weight dims { w height: h } } }');
    assert.deepEqual(
      result.data?.['products'],
      [1, 2, 3].map((n) => ({
        name: `product ${n}`,
        weight: null,
        dims: [1, 2].map((w) => ({ w, height: null })),
      })),
    );
    assert.equal(result.errors?.length, 9);
    assert.deepEqual(result.errors?.[0], {
      message: 'You may not read "Product.weight".',
      locations: [{ line: 1, column: 19 }],
      path: ['products', 0, 'weight'],
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
    });
    assert.deepEqual(result.errors?.[1]?.path, ['products', 0, 'dims', 0, 'height']);
    assert(!asked(sent, 'weight') && !asked(sent, 'h'), JSON.stringify(sent));
  });

  it('is answered to who may', async () => {
    const pair = pairOf('requires', requiresData(), { protect, caller: () => callerWith('scales') });
    await pair.compare('{ products { name weight dims { w h } estimate } }');
  });

  it('takes along what is made of it, through any number of requirements', async () => {
    const pair = pairOf('requires', requiresData(), { protect });
    const { result, sent } = await pair.run('{ products { name estimate total points zone boxes class } }');
    assert.deepEqual(
      result.data?.['products'],
      [1, 2, 3].map((n) => ({
        name: `product ${n}`,
        estimate: null,
        total: null,
        points: null,
        zone: `zone ${n}`,
        boxes: null,
        class: `class ${n}`,
      })),
    );
    assert.deepEqual(codes(result), new Set(['UNAUTHORIZED_FIELD_OR_TYPE']));
    assert(!asked(sent, 'weight') && !asked(sent, 'h') && !asked(sent, 'estimate'), JSON.stringify(sent));
  });

  it('may be a key that requests are made with, while it cannot be selected', async () => {
    const pair = pairOf('requires', requiresData(), { protect: { 'Product.id': '@authenticated' } });
    const { result, sent } = await pair.run('{ products { id zone } }');
    assert.equal(result.data, null);
    assert.deepEqual(errorPaths(result), ['["products",0,"id"]']);
    const zones = await pair.run('{ products { zone } }');
    assert.deepEqual(zones.result, { data: { products: [1, 2, 3].map((n) => ({ zone: `zone ${n}` })) } });
    assert(sent.length === 2);
  });

  it('makes null what cannot be without it', async () => {
    const pair = pairOf('requires', requiresData(), { protect: { 'Product.dims': '@authenticated' } });
    const { result } = await pair.run('{ product(id: "1") { name dims { w } } crates { id } }');
    assert.equal(result.data?.['product'], null);
    assert.equal(listIn(result, 'crates').length, 3);
    assert.deepEqual(errorPaths(result), ['["product","dims"]']);
  });

  it('is the same under conditions: what is skipped has no error', async () => {
    const pair = pairOf('requires', requiresData(), { protect });
    const operation = 'query ($with: Boolean!) { product(id: "1") { name weight @include(if: $with) } }';
    assert.deepEqual((await pair.run(operation, { with: false })).result, { data: { product: { name: 'product 1' } } });
    const { result } = await pair.run(operation, { with: true });
    assert.deepEqual(result.data, { product: { name: 'product 1', weight: null } });
    assert.deepEqual(errorPaths(result), ['["product","weight"]']);
  });

  it('costs no request where nothing else is asked for', async () => {
    const pair = pairOf('roots', rootsData, { protect: { 'Query.only': '@authenticated', Thing: '@authenticated' } });
    const { result, sent } = await pair.run('{ only shared { x } __typename }');
    assert.deepEqual(result.data, { only: null, shared: null, __typename: 'Query' });
    assert.deepEqual(errorPaths(result), ['["only"]', '["shared"]']);
    assert.deepEqual(sent, []);
  });

  it('is never executed where it is a mutation, while its neighbours are', async () => {
    const pair = pairOf('roots', rootsData, { protect: { 'Mutation.addA': '@requiresScopes(scopes: [["write"]])' } });
    const { result, sent } = await pair.run('mutation { addA { x } addB { y } again: addA { x } }');
    assert.deepEqual(result.data, { addA: null, addB: { y: 4 }, again: null });
    assert.deepEqual(errorPaths(result), ['["addA"]', '["again"]']);
    assert.deepEqual(
      sent.map(({ subgraph }) => subgraph),
      ['two'],
    );
  });

  it('is never subscribed to; below an event it is null', async () => {
    const subscribe = async function* () {
      yield { data: { changed: { id: '1', w: 4 } } };
    };
    const closed = pairOf('roots', rootsData, { protect: { 'Subscription.changed': '@authenticated' }, subscribe });
    const document = parse('subscription { changed { id w y } }');
    const context = { headers: new Headers() };
    const refused = (await closed.executor.subscribe({ document, context })) as ExecutionResult;
    assert.equal(refused.errors?.[0]?.extensions['code'], 'UNAUTHORIZED_FIELD_OR_TYPE');
    assert.deepEqual(closed.sent, []);

    const open = pairOf('roots', rootsData, { protect: { 'Thing.y': '@authenticated' }, subscribe });
    const events = await open.executor.subscribe({ document, context });
    assert(Symbol.asyncIterator in events);
    for await (const event of events) {
      assert.deepEqual({ ...event.data }, { changed: { id: '1', w: 4, y: null } });
      assert.deepEqual(event.errors?.[0]?.path, ['changed', 'y']);
    }
    assert.deepEqual(
      open.sent.map(({ subgraph }) => subgraph),
      ['three'],
    );
  });

  it('is null in a deferred part, whose other fields come', async () => {
    const pair = pairOf('requires', requiresData(), { protect });
    const answer = await pair.executor.executeInParts(
      {
        document: parse('{ product(id: "1") { name ... @defer { weight zone } } }'),
        context: { headers: new Headers() },
      },
      'current',
    );
    assert(Symbol.asyncIterator in answer);
    const parts = [];
    for await (const part of answer) parts.push(JSON.parse(JSON.stringify(part)));
    assert.deepEqual(parts[0].data, { product: { name: 'product 1' } });
    const [{ data, errors }] = parts.flatMap(({ incremental = [] }) => incremental);
    assert.deepEqual(data, { weight: null, zone: 'zone 1' });
    assert.deepEqual(errors[0].path, ['product', 'weight']);
    assert(!asked(pair.sent, 'weight'));
  });
});

describe('fields of interfaces and unions', () => {
  const protect = { 'Book.title': '@authenticated', Author: '@requiresScopes(scopes: [["people"]])' };
  const pair = pairOf('abstract', abstractData(), { protect });

  it('need on the interface what each implementation needs', async () => {
    const { result, sent } = await pair.run('{ media { id title } }');
    for (const item of listIn(result, 'media')) assert.equal(item['title'], null);
    assert(!asked(sent, 'title'), JSON.stringify(sent));
  });

  it('need in a fragment of one type what this one needs', async () => {
    const operation =
      '{ media { __typename id ... on Movie { title } ...book ... on Media { ... on Song { name: title } } } } fragment book on Book { title }';
    const { result, sent } = await pair.run(operation);
    for (const item of listIn(result, 'media')) {
      if (item['__typename'] === 'Book') assert.equal(item['title'], null);
      if (item['__typename'] === 'Movie') assert.match(String(item['title']), /^movie/);
      if (item['__typename'] === 'Song') assert.match(String(item['name']), /^song/);
    }
    assert.deepEqual(codes(result), new Set(['UNAUTHORIZED_FIELD_OR_TYPE']));
    assert.equal(result.errors?.length, 2);
    for (const { document } of sent) assert.doesNotMatch(document, /on Book \{[^}]*title/);
  });

  it('are had where one of two ways to select them is open', async () => {
    const operation = '{ media { id title ... on Movie { title } } }';
    const { result } = await pair.run(operation);
    const titles = listIn(result, 'media').map(({ id, title }) => [String(id)[0], title]);
    assert.deepEqual(titles, [
      ['b', null],
      ['s', null],
      ['m', 'movie 1'],
      ['m', 'movie 2'],
      ['b', null],
    ]);
  });

  it('are had under a condition where the open way has one', async () => {
    const operation = 'query ($with: Boolean!) { media { id title ... on Movie @include(if: $with) { title } } }';
    const movies = async (value: boolean) => {
      const { result } = await pair.run(operation, { with: value });
      return listIn(result, 'media').flatMap(({ id, title }) => (String(id).startsWith('m') ? [title] : []));
    };
    assert.deepEqual(await movies(true), ['movie 1', 'movie 2']);
    assert.deepEqual(await movies(false), [null, null]);
  });

  it('are denied where the type of their object is, by whatever way it is reached; its name is not', async () => {
    const { result, sent } = await pair.run(
      '{ search { __typename ... on Author { name } ... on Book { pages author { name } } ... on Movie { a: author { __typename } minutes } } }',
    );
    const found = listIn(result, 'search');
    const of = (type: string) => found.filter(({ __typename }) => __typename === type);
    assert(of('Author').length > 0 && of('Author').every(({ name }) => name === null));
    assert(of('Book').length > 0 && of('Book').every(({ pages, author }) => author === null && pages !== null));
    assert(of('Movie').length > 0 && of('Movie').every(({ a, minutes }) => a === null && minutes !== null));
    assert(!asked(sent, 'name') && !asked(sent, 'author'), JSON.stringify(sent));
    // What may not be null is not left out.
    assert.equal((await pair.run('{ search { ... on Author { id } } }')).result.data, null);
  });

  it('are told apart member by member: what one needs another one need not have', async () => {
    const both = pairOf('abstract', abstractData(), {
      protect: { Book: '@requiresScopes(scopes: [["b"]])', Movie: '@requiresScopes(scopes: [["m"]])' },
      caller: () => callerWith('m'),
    });
    const { result } = await both.run('{ search { ... on Book { pages } ... on Movie { minutes } } }');
    const found = listIn(result, 'search');
    assert(found.some(({ minutes }) => typeof minutes === 'number'));
    assert(found.every((item) => !('pages' in item) || item['pages'] === null));
  });
});

describe('parts', () => {
  it('have a field that one of them may read where the first of them asks for it', async () => {
    const pair = pairOf('abstract', abstractData(), { protect: { 'Book.title': '@authenticated' } });
    const document = parse('{ media { title ... on Movie @defer { minutes title } } }');
    const answer = await pair.executor.executeInParts({ document, context: { headers: new Headers() } }, 'current');
    assert(Symbol.asyncIterator in answer);
    const { value: first } = await answer.next();
    await answer.return();
    const titles = listIn(first as ExecutionResult, 'media').map(({ title }) => title);
    assert.deepEqual(titles, [null, null, 'movie 1', 'movie 2', null]);
  });
});

describe('plans of callers', () => {
  const protect = {
    'Product.weight': '@requiresScopes(scopes: [["scales"]])',
    'Product.name': '@requiresScopes(scopes: [["names"]])',
  };

  it('are not mixed up, whoever came first', async () => {
    let caller: Caller | undefined;
    const pair = pairOf('requires', requiresData(), { protect, caller: () => caller });
    const operation = '{ product(id: "1") { name weight class } }';
    const callers = [undefined, callerWith('scales'), callerWith('names'), callerWith('names', 'scales')];
    for (let round = 0; round < 20; round += 1) {
      caller = callers[(round * 3) % callers.length];
      const { result, sent } = await pair.run(operation);
      const has = (scope: string) => caller?.scopes.includes(scope) === true;
      assert.deepEqual(result.data, {
        product: { name: has('names') ? 'product 1' : null, weight: has('scales') ? 2 : null, class: 'class 1' },
      });
      assert.equal(asked(sent, 'weight'), has('scales'));
      assert.equal(asked(sent, 'name'), has('names'));
    }
  });
});

describe('with the mode "reject"', () => {
  const protect = { 'Product.weight': '@requiresScopes(scopes: [["scales"]])', 'Book.title': '@authenticated' };
  const refusal = async (operation: string, variables = {}, caller?: Caller) => {
    const name = operation.includes('media') ? 'abstract' : 'requires';
    const data = name === 'abstract' ? abstractData() : requiresData();
    const own = Object.fromEntries(
      Object.entries(protect).filter(([coordinate]) => coordinate.startsWith(name === 'abstract' ? 'Book' : 'Product')),
    );
    const pair = pairOf(name, data, { protect: own, authorization: { mode: 'reject' }, caller: () => caller });
    const { result } = await pair.run(operation, variables);
    return { result, sent: pair.sent };
  };

  it('the whole operation is refused before anything is fetched', async () => {
    const { result, sent } = await refusal('{ products { name weight estimate } }');
    assert.deepEqual(sent, []);
    assert.deepEqual(
      result.errors?.map(({ message, locations, extensions }) => ({ message, locations, extensions })),
      [
        {
          message: 'You may not read "Product.weight".',
          locations: [{ line: 1, column: 19 }],
          extensions: {
            code: 'UNAUTHORIZED_FIELD_OR_TYPE',
            http: { status: 401, headers: { 'www-authenticate': 'Bearer realm="weft"' } },
          },
        },
        {
          message: 'You may not read "Product.estimate".',
          locations: [{ line: 1, column: 26 }],
          extensions: {
            code: 'UNAUTHORIZED_FIELD_OR_TYPE',
            http: { status: 401, headers: { 'www-authenticate': 'Bearer realm="weft"' } },
          },
        },
      ],
    );
    assert(!('data' in result));
  });

  it('a known caller gets 403', async () => {
    const { result } = await refusal('{ products { weight } }', {}, callerWith('other'));
    assert.deepEqual(result.errors?.[0]?.extensions?.['http'], { status: 403 });
  });

  it('what is skipped does no harm', async () => {
    const operation = 'query ($with: Boolean!) { product(id: "1") { name weight @include(if: $with) } }';
    assert.deepEqual((await refusal(operation, { with: false })).result.data, { product: { name: 'product 1' } });
    assert((await refusal(operation, { with: true })).result.data === undefined);
    const parent = 'query ($with: Boolean!) { ping: __typename product(id: "1") @include(if: $with) { weight } }';
    assert.deepEqual((await refusal(parent, { with: false })).result.data, { ping: 'Query' });
  });

  it('a field in a branch is reason enough', async () => {
    assert((await refusal('{ media { ... on Book { title } } }')).result.data === undefined);
    assert((await refusal('{ media { ... on Movie { title } } }')).result.data !== undefined);
  });
});
