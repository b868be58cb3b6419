import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { buildSchema, execute, parse } from 'graphql';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

export interface Mirrors {
  readonly subgraphs: readonly object[];
  /** Requests so far. */
  readonly count: number;
}

const MACHINERY = (
  types: string,
) => `scalar _Any union _Entity = ${types} extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
  directive @key(fields: String!) on OBJECT`;
const ACCOUNTS = `type Query { me: User user(id: ID!): User product(upc: ID!): Product products: [Product!]! }
  type Mutation { touch(upc: ID!): Product }
  type User @key(fields: "id") { id: ID! name: String } type Product @key(fields: "upc") { upc: ID! price(in: String): String }`;
const NOTES = `type Query { inbox(box: Int): String } type Product @key(fields: "upc") { upc: ID! note(size: Int): String }
  type User @key(fields: "id") { id: ID! letter: String }`;

interface Representation {
  readonly __typename: string;
  readonly upc?: string;
  readonly id?: string;
}

/** Every value that they give says who asked, by the header that `nameOf` reads. */
export async function startMirrors(
  t: TestContext,
  nameOf: (request: IncomingMessage) => string | undefined,
): Promise<Mirrors> {
  let count = 0;
  const start = async (name: string, sdl: string, types: string, rootOf: (who: string) => object) => {
    const schema = buildSchema(`${sdl} ${MACHINERY(types)}`);
    const { url } = await serveHttp(t, async (request, response) => {
      count += 1;
      const { query, variables } = JSON.parse(await text(request)) as { query: string; variables?: object };
      const rootValue = rootOf(nameOf(request) ?? 'nobody');
      const result = await execute({ schema, document: parse(query), rootValue, variableValues: { ...variables } });
      // So that others come in between.
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(result));
      }, count % 7);
    });
    return { name, url, schema: { sdl: `${LINK} ${sdl}` } };
  };
  const product = (who: string, upc: string) => ({
    __typename: 'Product',
    upc,
    price: (args: { in?: string }) => `price-${upc}-${args.in ?? ''}-${who}`,
    note: (args: { size?: number }) => `note-${upc}-${args.size ?? ''}-${who}`,
  });
  const user = (who: string, id: string) => ({ __typename: 'User', id, name: `name-${who}`, letter: `letter-${who}` });
  const rootOf = (who: string) => ({
    me: user(who, '7'),
    user: ({ id }: { id: string }) => user(who, id),
    product: ({ upc }: { upc: string }) => product(who, upc),
    products: ['a', 'b', 'c'].map((upc) => product(who, upc)),
    touch: ({ upc }: { upc: string }) => product(who, upc),
    inbox: ({ box }: { box?: number }) => `inbox-${box ?? ''}-${who}`,
    _entities: ({ representations }: { representations: readonly Representation[] }) =>
      representations.map(({ __typename, upc, id }) =>
        __typename === 'User' ? user(who, id ?? '') : product(who, upc ?? ''),
      ),
  });
  const subgraphs = [
    await start('accounts', ACCOUNTS, 'User | Product', rootOf),
    await start('notes', NOTES, 'User | Product', rootOf),
  ];
  return {
    subgraphs,
    get count() {
      return count;
    },
  };
}

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
