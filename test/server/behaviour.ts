import type { SendOptions } from './support/send.ts';

/** One exchange and what a client must see of it, whichever lane serves it. */
export interface Behaviour {
  readonly name: string;
  readonly request: SendOptions;
  readonly search?: string;
  readonly status: number;
  /** Without it: `application/json; charset=utf-8`. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly data?: unknown;
  readonly code?: string;
  readonly locations?: boolean;
  /** Must not be in the answer. */
  readonly never?: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const RESPONSE_TYPE = 'application/graphql-response+json';
const STRICT = { ...JSON_TYPE, accept: RESPONSE_TYPE };
const GUARD = { 'x-weft-csrf': '1' };
const strictAnswer = { type: `${RESPONSE_TYPE}; charset=utf-8` };

function post(members: unknown, headers: Readonly<Record<string, string>> = JSON_TYPE): SendOptions {
  return { headers, body: JSON.stringify(members) };
}

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

const bodies: Behaviour[] = [
  {
    name: 'refuses malformed JSON without an echo',
    request: { headers: JSON_TYPE, body: '{ "query": sesame' },
    status: 400,
    code: 'BAD_REQUEST',
    never: 'sesame',
  },
  {
    name: 'refuses malformed JSON under the strict type',
    request: { headers: STRICT, body: '{' },
    status: 400,
    code: 'BAD_REQUEST',
    ...strictAnswer,
  },
  { name: 'refuses an empty body', request: { headers: JSON_TYPE, body: '' }, status: 400, code: 'BAD_REQUEST' },
  {
    name: 'refuses bytes that are not UTF-8',
    request: { headers: JSON_TYPE, body: new Uint8Array([0x7b, 0xff, 0x7d]) },
    status: 400,
    code: 'BAD_REQUEST',
  },
  { name: 'refuses a batch', request: post([{ query: '{ hello }' }]), status: 400, code: 'BAD_REQUEST' },
  { name: 'refuses a body that is no object', request: post('query'), status: 400, code: 'BAD_REQUEST' },
  { name: 'refuses null', request: post(null), status: 400, code: 'BAD_REQUEST' },
  {
    name: 'refuses unknown members',
    request: post({ query: '{ hello }', qurey: 1 }),
    status: 400,
    code: 'BAD_REQUEST',
  },
  { name: 'refuses a request without a query', request: post({ variables: {} }), status: 400, code: 'BAD_REQUEST' },
  { name: 'refuses a query that is no string', request: post({ query: 1 }), status: 400, code: 'BAD_REQUEST' },
  {
    name: 'refuses variables that are no object',
    request: post({ query: '{ hello }', variables: [] }),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    name: 'refuses an operation name that is no string',
    request: post({ query: '{ hello }', operationName: 1 }),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    name: 'refuses a huge body',
    request: post({ query: `{ hello } # ${'x'.repeat(200_000)}` }),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    headers: { connection: 'close' },
  },
  {
    name: 'refuses a huge body of unknown length',
    request: { ...post({ query: `{ hello } # ${'x'.repeat(200_000)}` }), chunked: true },
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    headers: { connection: 'close' },
  },
  {
    name: 'refuses another content type',
    request: post({ query: '{ hello }' }, { 'content-type': 'text/plain' }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'refuses a form',
    request: { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=%7Bhello%7D' },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'refuses a body without a content type',
    request: { body: '{"query":"{ hello }"}', headers: GUARD },
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'refuses a look-alike content type',
    request: post({ query: '{ hello }' }, { 'content-type': 'application/jsonx' }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'refuses another charset',
    request: post({ query: '{ hello }' }, { 'content-type': 'application/json; charset=latin1' }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    name: 'refuses a compressed body',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
];

function get(
  query: string,
  headers: Readonly<Record<string, string>> = GUARD,
): { request: SendOptions; search: string } {
  return { request: { method: 'GET', headers }, search: `?query=${encodeURIComponent(query)}` };
}

const methods: Behaviour[] = [
  { name: 'answers a GET', ...get('{ hello }'), status: 200, data: hello },
  {
    name: 'reads the variables of a GET',
    request: { method: 'GET', headers: GUARD },
    search: `?query=${encodeURIComponent('query($t: String!) { echo(text: $t) }')}&variables=${encodeURIComponent('{"t":"a"}')}`,
    status: 200,
    data: { echo: 'a' },
  },
  {
    name: 'refuses variables of a GET that are no JSON',
    request: { method: 'GET', headers: GUARD },
    search: '?query=%7Bhello%7D&variables=%7B',
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    name: 'refuses a GET without a query',
    request: { method: 'GET', headers: GUARD },
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    name: 'refuses a mutation by GET',
    ...get('mutation { bump }'),
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    headers: { allow: 'POST' },
  },
  { name: 'refuses a GET that any page could send', ...get('{ hello }', {}), status: 403, code: 'CSRF_REJECTED' },
  {
    name: 'takes a GET from a page of its own',
    ...get('{ hello }', { 'sec-fetch-site': 'same-origin' }),
    status: 200,
    data: hello,
  },
  {
    name: 'refuses PUT',
    request: { ...post({ query: '{ hello }' }), method: 'PUT' },
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    headers: { allow: 'GET, POST' },
  },
  { name: 'refuses HEAD', request: { method: 'HEAD', headers: GUARD }, status: 405, headers: { allow: 'GET, POST' } },
  {
    name: 'answers OPTIONS and allows no origin',
    request: {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    },
    status: 204,
    type: null,
    headers: { 'access-control-allow-origin': undefined, allow: 'GET, POST' },
  },
  {
    name: 'answers a foreign origin without leave to read',
    request: post({ query: '{ hello }' }, { ...JSON_TYPE, origin: 'https://evil.example' }),
    status: 200,
    data: hello,
    headers: { 'access-control-allow-origin': undefined },
  },
];

export const behaviours: readonly Behaviour[] = [...operations, ...media, ...requestErrors, ...bodies, ...methods];
