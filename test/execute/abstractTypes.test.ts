import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPair, type Entity } from '../support/monolith.ts';
import { planSupergraph } from '../support/planSupergraph.ts';

const authors: Entity[] = [1, 2].map((n) => ({ __typename: 'Author', id: `a${n}`, name: `author ${n}` }));
const books: Entity[] = [1, 2].map((n) => ({ __typename: 'Book', id: `b${n}`, title: `book ${n}`, author: authors[n - 1], pages: n * 100, cover: { url: `u${n}`, width: n }, stars: n }));
const movies: Entity[] = [1, 2].map((n) => ({ __typename: 'Movie', id: `m${n}`, title: `movie ${n}`, author: n === 1 ? authors[0] : null, minutes: n * 60, cover: { url: `v${n}`, codec: 'av1' }, stars: null, critics: n }));
const songs: Entity[] = [{ __typename: 'Song', id: 's1', title: 'song 1', author: null }];
const admins: Entity[] = [{ __typename: 'Admin', __is: ['Account'], id: 'x1', email: 'x1@', level: 3, debt: 1.5 }];
const guests: Entity[] = [{ __typename: 'Guest', __is: ['Account'], id: 'x2', email: 'x2@', until: 'noon', debt: null }];
const media = [books[0], songs[0], movies[0], null, movies[1], books[1]];

const data = {
  roots: {
    media: media.filter((one) => one !== null),
    node: ({ id }: { id: string }) => [...books, ...movies].find((one) => one['id'] === id) ?? null,
    search: [authors[0], books[0], movies[1]],
    shelf: { best: movies[0] },
    rated: [movies[0], books[1]],
    accounts: [...admins, ...guests],
    debtors: [...admins, ...guests],
  },
  entities: { Author: authors, Book: books, Movie: movies, Song: songs, Admin: admins, Guest: guests },
};
const pair = createPair(planSupergraph('abstract'), data);

const CASES: readonly (readonly [string, string, number])[] = [
  ['fields of the interface', '{ media { id title author { name } } }', 1],
  ['types', '{ media { __typename title } search { __typename } shelf { best { __typename } } }', 1],
  ['fragments', '{ media { title ... on Book { pages } ... on Movie { minutes } } }', 1],
  ['jumps by type', '{ media { title ... on Book { stars } ... on Movie { stars critics } } }', 2],
  ['one response key with other selections by type', '{ media { ... on Book { cover { width } } ... on Movie { cover { codec } } } }', 1],
  ['a fragment on another interface', '{ node(id: "b2") { id ... on Media { title } ... on Rated { stars } } }', 2],
  ['a fragment that matches nothing gives an empty object', '{ search { ... on Media { ... on Song { title } } } }', 1],
  ['a union, with jumps', '{ search { __typename ... on Book { title stars } ... on Author { name } } }', 2],
  ['a jump from an interface that the target does not know', '{ rated { stars ... on Book { title } ... on Movie { title author { name } } } }', 2],
  ['a field of an interface object', '{ accounts { email debt } }', 2],
  ['types behind an interface object', '{ debtors { __typename debt } }', 2],
  ['fragments behind an interface object', '{ debtors { debt ... on Admin { level } ... on Guest { until email } } }', 2],
  ['fields of the interface behind an interface object', '{ debtors { email id } }', 2],
  ['a type under two aliases', '{ media { a: __typename b: __typename ... on Book { c: __typename } } }', 1],
];

for (const [name, operation, requests] of CASES) {
  test(`abstract types, ${name}: the gateway answers as one server does`, async () => {
    const { sent } = await pair.compare(operation);
    assert.equal(sent.length, requests, JSON.stringify(sent, null, 1));
  });
}

test('a type that the schema does not have is an invalid value, at its place only', async () => {
  const odd = createPair(planSupergraph('abstract'), data, {
    intercept: async () => ({ data: { media: [{ __typename: 'Book', title: 'one' }, { __typename: 'Vase', title: 'two' }, { __typename: 'constructor' }] } }),
  });
  const { result } = await odd.run('{ media { __typename ... on Book { title } } }').catch((error: unknown) => ({ result: error as never }));
  assert.equal((result as { data: null }).data, null);
  const codes = (result as { errors: { path: unknown; extensions: Entity }[] }).errors.map(({ path, extensions }) => [path, extensions['code']]);
  assert.deepEqual(codes, [[['media', 1], 'INVALID_VALUE']]);
});
