import { type Behaviour, GUARD, JSON_TYPE, post, STRICT, strictAnswer } from './Behaviour.ts';
import type { SendOptions } from './send.ts';

const hello = { hello: 'world' };

/** What is wrong with the body or its headers. */
export const bodies: Behaviour[] = [
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
];

function get(
  query: string,
  headers: Readonly<Record<string, string>> = GUARD,
): { request: SendOptions; search: string } {
  return { request: { method: 'GET', headers }, search: `?query=${encodeURIComponent(query)}` };
}

/** What is right and wrong with other methods than POST. */
export const methods: Behaviour[] = [
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
  {
    name: 'refuses a GET that a page of another site could send',
    ...get('{ hello }', { 'sec-fetch-site': 'cross-site' }),
    status: 403,
    code: 'CSRF_REJECTED',
  },
  // Browsers have differed in what they ask about first: of odd and malformed types some have sent any without (GHSA-hff2, Apollo Router).
  ...[
    'garbage',
    'text/html',
    'message/rfc822',
    'text/plain, application/json',
    'text/plain; a=application/json',
    ';',
  ].map(
    (type): Behaviour => ({
      name: `refuses such a GET all the same with the content type ${JSON.stringify(type)}`,
      ...get('{ hello }', { 'sec-fetch-site': 'cross-site', 'content-type': type }),
      status: 403,
      code: 'CSRF_REJECTED',
    }),
  ),
  {
    name: 'takes a GET from another page that browsers ask about first',
    ...get('{ hello }', { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' }),
    status: 200,
    data: hello,
  },
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
