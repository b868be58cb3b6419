import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** What stands before requests, and what gets them through. */
export interface Guard {
  readonly headers: Readonly<Record<string, string>>;
  /** Writes the keys into `work`. */
  config(work: string): object;
}

/** A token that is checked, a rate limit for each caller that nobody meets, costs that are counted, a line in a file, and the limits as they come. */
export function createGuard(): { readonly name: string; readonly settings: string; readonly guard: Guard } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 86_400;
  const text = `${part({ alg: 'EdDSA', kid: 'a' })}.${part({ sub: 'ann', aud: 'shop', iss: 'https://bench.example', exp })}`;
  const token = `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
  return {
    name: 'Weft, behind its front door',
    settings:
      '`authentication.jwt`, a `rate_limit` by caller, `demand_control: { mode: measure }`, `access_logs` into a file',
    guard: {
      headers: { authorization: `Bearer ${token}` },
      config(work) {
        const file = `${work}/jwks.json`;
        const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'EdDSA' };
        writeFileSync(file, JSON.stringify({ keys: [jwk] }));
        const jwks = [{ file, issuers: ['https://bench.example'], audiences: ['shop'], algorithms: ['EdDSA'] }];
        return {
          authentication: { jwt: { jwks } },
          rate_limit: { rules: [{ name: 'each', key: 'caller', rate: 10_000_000, window: '1s' }] },
          demand_control: { mode: 'measure' },
          access_logs: { output: `${work}/access.log` },
        };
      },
    },
  };
}
