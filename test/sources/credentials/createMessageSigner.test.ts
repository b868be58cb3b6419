import assert from 'node:assert/strict';
import { constants, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { it } from 'node:test';
import { createMessageSigner, signatureBase, signerOf } from '../../../src/sources/credentials/createMessageSigner.ts';

/** The request of RFC 9421, appendix B.2. */
const request = {
  subgraph: 'a',
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: {
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-digest':
      'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    'content-length': '18',
  },
  body: '{"hello": "world"}',
};

const signed = (covered: readonly string[], keyId: string) =>
  Buffer.from(
    signatureBase(
      request,
      covered,
      `(${covered.map((name) => `"${name}"`).join(' ')});created=1618884473;keyid="${keyId}"`,
    ),
  );

it('RFC 9421, B.2.3: rsa-pss-sha512', () => {
  const key = createPublicKey(`-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`);
  const covered = [
    'date',
    '@method',
    '@path',
    '@query',
    '@authority',
    'content-type',
    'content-digest',
    'content-length',
  ];
  const signature =
    'bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==';
  const how = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  assert.equal(verify('sha512', signed(covered, 'test-key-rsa-pss'), how, Buffer.from(signature, 'base64')), true);
});

it('RFC 9421, B.2.5: hmac-sha256', () => {
  const secret = Buffer.from(
    'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
    'base64',
  );
  const base = signed(['date', '@authority', 'content-type'], 'test-shared-secret');
  assert.equal(
    signerOf('hmac-sha256', secret)(base).toString('base64'),
    'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=',
  );
});

it('RFC 9421, B.2.6: ed25519', () => {
  const key = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`);
  const base = signed(['date', '@method', '@path', '@authority', 'content-type', 'content-length'], 'test-key-ed25519');
  assert.equal(
    signerOf('ed25519', key)(base).toString('base64'),
    'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
  );
});

it('RFC 9530: the digest of a body is told and signed, in a request without one there is none', () => {
  const config = {
    key: { id: 'k', secret: 'secret' },
    algorithm: 'hmac-sha256',
    derived_components: ['method', 'target_uri'],
    headers: { include: ['x-user', 'x-absent'] },
    expiry: 30_000,
  };
  const sign = createMessageSigner({ config, pem: undefined, now: () => 1_000_500 });
  const headers = { 'x-user': ' ann ' };
  const withBody = sign({ ...request, headers, body: '{"hello": "world"}' });
  // The value of RFC 9530, appendix B.
  assert.equal(withBody['content-digest'], 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:');
  assert.match(
    withBody['signature-input'] ?? '',
    /^sig1=\("@method" "@target-uri" "content-digest" "x-user"\);created=1000;expires=1030;nonce="[0-9a-f-]{36}";keyid="k";alg="hmac-sha256"$/,
  );
  const without = sign({ ...request, headers, method: 'GET', body: undefined });
  assert.equal(without['content-digest'], undefined);
  assert.match(without['signature-input'] ?? '', /^sig1=\("@method" "@target-uri" "x-user"\)/);
});
