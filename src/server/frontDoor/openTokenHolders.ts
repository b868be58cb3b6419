import type { AuthenticationConfig, DpopConfig } from '../../config/AuthenticationConfig.ts';
import {
  createTokenHolder,
  type DpopOptions,
  type TokenHolder,
} from '../../plugins/authentication/createTokenHolder.ts';
import type { CredentialSource } from '../../plugins/authentication/credentialSources.ts';
import type { FrontDoorPorts, ReadCertificate } from './openAuthentication.ts';
import { requestUrl } from './requestUrl.ts';

interface TokenSettings {
  readonly sources: readonly CredentialSource[];
  readonly dpop?: DpopConfig | undefined;
}

/** Gives what one method of tokens needs. What the methods share (proofs that were used, nonces) is opened once, and only where one needs it. */
export async function openTokenHolders(
  { jwt, introspection }: AuthenticationConfig,
  ports: FrontDoorPorts,
  readCertificate: ReadCertificate | undefined,
): Promise<(settings: TokenSettings) => TokenHolder> {
  const asked = [jwt?.dpop, introspection?.dpop].filter((dpop) => dpop !== undefined);
  const openProofs = asked.length === 0 ? undefined : await shareProofs(asked, ports);
  return ({ sources, dpop }) =>
    createTokenHolder({ sources, now: ports.now, readCertificate, dpop: dpop && openProofs?.(dpop) });
}

async function shareProofs(
  asked: readonly DpopConfig[],
  { log, redis, now, public_url, trusted_hops, hasSiblings }: FrontDoorPorts,
): Promise<(config: DpopConfig) => DpopOptions> {
  const [{ createProofChecker, TOLERANCE }, { createMemoryProofs }, { createNonces }] = await Promise.all([
    import('../../plugins/authentication/dpop/createProofChecker.ts'),
    import('../../plugins/authentication/dpop/createMemoryProofs.ts'),
    import('../../plugins/authentication/dpop/createNonces.ts'),
  ]);
  if (hasSiblings && redis === undefined)
    log.warn(
      'A proof (DPoP) that one of several processes has seen is good at the others; expected "redis", which they share.',
    );
  // From the first to the last moment at which one is accepted; a second more, for times in proofs are whole ones.
  const window = (Math.max(...asked.map((dpop) => dpop.max_age)) + 2 * TOLERANCE + 1) * 1_000;
  const shared = redis && (await import('../../stores/createRedisProofs.ts'));
  const used = redis && shared ? shared.createRedisProofs(redis, window) : createMemoryProofs({ window, now });
  const secret = redis && shared ? await shared.sharedNonceSecret(redis) : crypto.getRandomValues(new Uint8Array(32));
  const nonces = createNonces(secret, now);
  const urlOf = requestUrl({ public_url, trusted_hops });
  return ({ algorithms, max_age: maxAge, nonce, required }) => ({
    check: createProofChecker({ algorithms, maxAge, used, nonces: nonce ? nonces : undefined, urlOf, now }),
    required,
    algorithms,
  });
}
