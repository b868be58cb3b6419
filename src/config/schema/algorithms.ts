/** Of signatures (RFC 7518, RFC 8037, RFC 9864): those with a public key, and those with one secret. */
export const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export const SYMMETRIC = ['HS256', 'HS384', 'HS512'] as const;
