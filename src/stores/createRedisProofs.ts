/**
 * What: proofs that were used at any of several gateways, under `dpop:<hash>`, and the secret that their nonces share. Where: beside the check of proofs.
 * A caller sees a proof refused that was used at another gateway; while Redis is away nobody is let in by one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { GatewayError } from '../errors/GatewayError.ts';
import type { UsedProofs } from '../plugins/authentication/dpop/createProofChecker.ts';
import type { RedisConnection } from './openRedis.ts';

type Redis = Pick<RedisConnection, 'client' | 'prefix'>;

/** `window` in milliseconds. */
export function createRedisProofs({ client, prefix }: Redis, window: number): UsedProofs {
  return {
    async use(key) {
      const name = `${prefix}dpop:${createHash('sha256').update(key).digest('base64url')}`;
      try {
        return (await client.set(name, '', 'PX', Math.ceil(window), 'NX')) === 'OK';
      } catch (error) {
        throw new GatewayError('AUTHENTICATION_UNAVAILABLE', 'Proofs cannot be checked at the moment.', {
          cause: error,
        });
      }
    },
  };
}

/** The secret of all gateways; one of this process alone where Redis is away, so that its nonces are refused elsewhere and given anew. */
export async function sharedNonceSecret({ client, prefix }: Redis): Promise<Uint8Array<ArrayBuffer>> {
  const own = randomBytes(32).toString('base64url');
  const name = `${prefix}dpop-nonce-secret`;
  const shared = await client
    .set(name, own, 'NX')
    .then(() => client.get(name))
    .catch(() => null);
  return new Uint8Array(Buffer.from(shared ?? own, 'base64url'));
}
