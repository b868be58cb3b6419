import { type Behaviour, JSON_TYPE, post, RESPONSE_TYPE, STRICT, strictAnswer } from './support/Behaviour.ts';
import { bodies, methods } from './support/refusals.ts';

/** A request error under both media types: 200 under the legacy one. */
function requestError(name: string, members: unknown, code: string, locations = true): Behaviour[] {
  return [
    {
      name: `${name}, strict media type`,
      request: post(members, STRICT),
      status: 400,
      code,
      locations,
      ...strictAnswer,
    },
    { name: `${name}, legacy media type`, request: post(members), status: 200, code, locations },
  ];
}

const hello = { hello: 'world' };
const NAMED = 'query A { hello } query B { echo(text: "b") }';
const deep = `${'{ self '.repeat(9_000)}${'}'.repeat(9_000)}`;

const operations: Behaviour[] = [
  { name: 'answers a query', request: post({ query: '{ hello }' }), status: 200, data: hello },
  {
    name: 'answers variables',
    request: post({ query: 'query($t: String!) { echo(text: $t) }', variables: { t: 'é✓' } }),
    status: 200,
    data: { echo: 'é✓' },
  },
  {
    name: 'takes null for optional members',
    request: post({ query: '{ hello }', operationName: null, variables: null, extensions: null }),
    status: 200,
    data: hello,
  },
  {
    name: 'chooses the named operation',
    request: post({ query: NAMED, operationName: 'B' }),
    status: 200,
    data: { echo: 'b' },
  },
  {
    name: 'takes the extensions of a request',
    request: post({ query: '{ hello }', extensions: { a: 1 } }),
    status: 200,
    data: hello,
  },
  {
    name: 'ignores the query string of a POST',
    request: post({ query: '{ hello }' }),
    search: '?a=b',
    status: 200,
    data: hello,
  },
  {
    name: 'lets braces in strings and comments be',
    request: post({ query: `# ${'{'.repeat(9_000)}\n{ echo(text: "${'{'.repeat(500)}") }` }),
    status: 200,
    data: { echo: '{'.repeat(500) },
  },
  {
    name: 'takes a byte order mark',
    request: { headers: JSON_TYPE, body: `\uFEFF${JSON.stringify({ query: '{ hello }' })}` },
    status: 200,
    data: hello,
  },
  {
    name: 'takes the charset utf-8',
    request: post({ query: '{ hello }' }, { 'content-type': 'application/json; charset=UTF-8' }),
    status: 200,
    data: hello,
  },
  {
    name: 'masks a fault',
    request: post({ query: '{ secret }' }),
    status: 200,
    code: 'INTERNAL_SERVER_ERROR',
    data: { secret: null },
    never: 'password',
  },
  {
    name: 'relays a known error',
    request: post({ query: '{ hello known }' }),
    status: 200,
    code: 'SUBGRAPH_TIMEOUT',
    data: { hello: 'world', known: null },
  },
];

const media: Behaviour[] = [
  {
    name: 'answers the strict media type',
    request: post({ query: '{ hello }' }, STRICT),
    status: 200,
    data: hello,
    ...strictAnswer,
  },
  {
    name: 'weighs q-values',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, accept: `application/json;q=0.5, ${RESPONSE_TYPE};q=0.9` }),
    status: 200,
    data: hello,
    ...strictAnswer,
  },
  {
    name: 'takes the first of equals',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, accept: `application/json, ${RESPONSE_TYPE}` }),
    status: 200,
    data: hello,
  },
  {
    name: 'reads a wildcard as JSON',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, accept: '*/*' }),
    status: 200,
    data: hello,
  },
  {
    name: 'refuses what it cannot answer',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, accept: 'image/png' }),
    status: 406,
    code: 'NOT_ACCEPTABLE',
  },
  {
    name: 'refuses a subscription without a stream',
    request: post({ query: 'subscription { forever }' }),
    status: 406,
    code: 'NOT_ACCEPTABLE',
  },
  {
    name: 'answers a query to a client that also reads streams',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, accept: 'text/event-stream, application/json' }),
    status: 200,
    data: hello,
  },
];

const requestErrors: Behaviour[] = [
  ...requestError('tells a syntax error', { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'),
  ...requestError('tells a validation error', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'),
  ...requestError('tells a missing variable', { query: 'query($t: String!) { echo(text: $t) }' }, 'BAD_USER_INPUT'),
  ...requestError(
    'tells a variable of another type',
    { query: 'query($n: Int) { echo(text: "a", n: $n) }', variables: { n: 'x' } },
    'BAD_USER_INPUT',
  ),
  ...requestError(
    'tells an unknown operation name',
    { query: NAMED, operationName: 'C' },
    'OPERATION_RESOLUTION_FAILED',
    false,
  ),
  ...requestError('asks which operation', { query: NAMED }, 'OPERATION_RESOLUTION_FAILED', false),
  ...requestError(
    'refuses a document without an operation',
    { query: 'fragment F on Query { hello }' },
    'OPERATION_RESOLUTION_FAILED',
    false,
  ),
  ...requestError('refuses 9,000 nested braces', { query: deep }, 'DOCUMENT_TOO_DEEP', false),
  ...requestError(
    'refuses 9,000 nested brackets',
    { query: `{ echo(text: ${'['.repeat(9_000)}` },
    'DOCUMENT_TOO_DEEP',
    false,
  ),
  ...requestError('refuses too many tokens', { query: `{ ${'hello '.repeat(15_001)} }` }, 'GRAPHQL_PARSE_FAILED'),
  ...requestError(
    'refuses a cycle of fragments',
    { query: '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }' },
    'GRAPHQL_VALIDATION_FAILED',
  ),
];

/** The one suite that every lane has to pass. */
export const behaviours: readonly Behaviour[] = [...operations, ...media, ...requestErrors, ...bodies, ...methods];
