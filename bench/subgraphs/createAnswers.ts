import { buildSchema, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { ITEM_RESOLVERS } from './items.ts';
import { readSdl } from './readSdl.ts';
import { RESOLVERS, type Resolvers } from './resolvers.ts';

interface Graph {
  readonly schema: GraphQLSchema;
  readonly rootValue: Readonly<Record<string, unknown>>;
}

export interface Answers {
  /** The answer's JSON to a request body. */
  of(body: string): string;
}

/** Answers of one subgraph by graphql-js itself: what is asked for the first time is executed, once. */
export function createAnswers(name: string): Answers {
  const graph = createGraph(readSdl(name), { ...RESOLVERS, ...ITEM_RESOLVERS }[name] as Resolvers);
  return { of: (body) => JSON.stringify(answer(graph, body)) };
}

function createGraph(sdl: string, { roots, entities }: Resolvers): Graph {
  const plain = sdl
    .replace(/extend schema.*\n/, '')
    .replace(/@(key|provides|requires)\([^)]*\)|@(external|shareable)/g, '');
  const types = Object.keys(entities).join(' | ');
  const query = '_entities(representations: [_Any!]!): [_Entity]!';
  const whole = /type Query/.test(plain)
    ? plain.replace('type Query {', `type Query { ${query}`)
    : `${plain} type Query { ${query} }`;
  return {
    schema: buildSchema(`${whole} scalar _Any union _Entity = ${types}`),
    rootValue: {
      ...roots,
      _entities: ({ representations }: { representations: readonly { readonly __typename: string }[] }) =>
        representations.map((one) => entities[one.__typename]?.(one) ?? null),
    },
  };
}

function answer({ schema, rootValue }: Graph, body: string): unknown {
  const { query, variables, operationName } = JSON.parse(body) as {
    readonly query: string;
    readonly variables?: Record<string, unknown> | null;
    readonly operationName?: string | null;
  };
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({ schema, document, rootValue, variableValues: variables ?? {}, operationName });
}
