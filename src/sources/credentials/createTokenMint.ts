import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { InternalJwtConfig } from '../../config/SubgraphCredentials.ts';
import type { Identity } from '../../upstream/credentials/Credentials.ts';

export interface TokenMintOptions {
  readonly config: InternalJwtConfig;
  readonly subgraph: string;
  /** PEM text of the file of the first key. */
  readonly pem: string | undefined;
  readonly now: () => number;
}

/** Tokens that are remembered for each subgraph. */
const MOST = 10_000;
const NOBODY: Identity = { key: '', claims: {} };

interface Minted {
  readonly token: string;
  /** Milliseconds since 1970 at which half of its life is over. */
  readonly stale: number;
}

/** Signs the tokens that say who asks. One is used while more than half of its life is left, so that signing is rare and every subgraph has time to read it. */
export function createTokenMint(
  options: TokenMintOptions,
): (identity: Identity | undefined) => string | Promise<string> {
  const { config, subgraph, pem, now } = options;
  const [signing] = config.keys;
  if (signing === undefined) throw new Error('Expected a key to sign with.');
  const key: KeyObject | Uint8Array =
    pem === undefined ? new TextEncoder().encode(signing.secret) : createPrivateKey(pem);
  const minted = new LRUCache<string, Minted>({ max: MOST });
  const underWay = new Map<string, Promise<string>>();
  const mint = async ({ key: of, claims }: Identity): Promise<string> => {
    const time = now();
    const issued = Math.floor(time / 1_000);
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: signing.algorithm, kid: signing.id, typ: 'JWT' })
      .setIssuer(config.issuer)
      .setAudience(config.audience ?? subgraph)
      .setIssuedAt(issued)
      .setExpirationTime(issued + Math.max(1, Math.floor(config.ttl / 1_000)))
      .sign(key);
    minted.set(of, { token, stale: time + config.ttl / 2 });
    return token;
  };
  return (identity = NOBODY) => {
    const found = minted.get(identity.key);
    if (found !== undefined && now() < found.stale) return found.token;
    const running = underWay.get(identity.key);
    if (running !== undefined) return running;
    const started = mint(identity).finally(() => underWay.delete(identity.key));
    underWay.set(identity.key, started);
    return started;
  };
}
