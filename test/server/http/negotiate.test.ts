import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Negotiated, negotiate } from '../../../src/server/http/negotiate.ts';

const STRICT = 'application/graphql-response+json';
const LEGACY = 'application/json';

describe('negotiate', () => {
  const cases: readonly (readonly [accept: string | null, negotiated: Negotiated])[] = [
    [null, { json: LEGACY }],
    ['', { json: LEGACY }],
    ['*/*', { json: LEGACY, stream: undefined }],
    ['application/*', { json: LEGACY, stream: undefined }],
    [STRICT, { json: STRICT, stream: undefined }],
    [`${LEGACY}; charset=utf-8`, { json: LEGACY, stream: undefined }],
    [`${LEGACY}; charset=latin1`, { json: undefined, stream: undefined }],
    [`${LEGACY};q=0, */*`, { json: STRICT, stream: undefined }],
    [`*/*;q=0.1, ${STRICT}`, { json: STRICT, stream: undefined }],
    ['text/html', { json: undefined, stream: undefined }],
    ['text/event-stream', { json: undefined, stream: 'sse' }],
    ['multipart/mixed', { json: undefined, stream: 'mixed' }],
    [
      `multipart/mixed;boundary="graphql";subscriptionSpec=1.0,${STRICT},${LEGACY};q=0.9`,
      { json: STRICT, stream: 'subscription' },
    ],
    [`${STRICT}, text/event-stream;q=0.4, multipart/mixed;q=0.5`, { json: STRICT, stream: 'mixed' }],
    ['text/event-stream;q=0', { json: undefined, stream: undefined }],
  ];
  for (const [accept, negotiated] of cases) {
    it(`reads ${JSON.stringify(accept)}`, () => {
      assert.deepEqual(negotiate(accept), negotiated);
      assert.deepEqual(negotiate(accept), negotiated);
    });
  }
});
