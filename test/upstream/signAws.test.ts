import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signAws } from '../../src/upstream/credentials/signAws.ts';

// The key, the time and the signatures of the test suite that AWS has published for Signature Version 4.
const keys = {
  service: 'service',
  region: 'us-east-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const time = Date.UTC(2015, 7, 30, 12, 36, 0);
const ORIGIN = 'https://example.amazonaws.com';

const cases = [
  ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['get-vanilla-query', 'GET', '/?Param1=value1', 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ['post-vanilla-query', 'POST', '/?Param1=value1', '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11'],
] as const;

for (const [name, method, path, signature] of cases) {
  it(`AWS Signature Version 4: ${name}`, () => {
    const made = signAws({ method, url: ORIGIN + path, headers: {} }, keys, time);
    assert.equal(made['x-amz-date'], '20150830T123600Z');
    const scope = 'Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';
    assert.equal(
      made['authorization'],
      `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });
}

it('A session token is sent and signed, and no secret is.', () => {
  const request = {
    method: 'POST',
    url: `${ORIGIN}/graphql`,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  };
  const made = signAws(request, { ...keys, sessionToken: 'session' }, time);
  assert.equal(made['x-amz-security-token'], 'session');
  assert.match(
    made['authorization'] ?? '',
    /SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token,/,
  );
  assert.equal(JSON.stringify(made).includes(keys.secretAccessKey), false);
});
