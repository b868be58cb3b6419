/**
 * What: nonces of the gateway for proofs (RFC 9449, 9). Where: nothing is kept, one is made of the time and a secret.
 * A caller may use one for one minute at least and two at most; gateways with the same secret accept each other's.
 */
import { base64url } from 'jose';

export interface Nonces {
  current(): Promise<string>;
  isGood(nonce: string): Promise<boolean>;
}

/** Milliseconds in which the current one stays the same. */
const SLOT = 60_000;

export function createNonces(secret: Uint8Array<ArrayBuffer>, now: () => number): Nonces {
  const key = crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const made = new Map<number, Promise<string>>();
  const make = (slot: number): Promise<string> => {
    const known = made.get(slot) ?? sign(key, slot);
    if (!made.has(slot)) {
      for (const other of made.keys()) if (Math.abs(other - slot) > 2) made.delete(other);
      made.set(slot, known);
    }
    return known;
  };
  const slotNow = () => Math.floor(now() / SLOT);
  return {
    current: () => make(slotNow()),
    async isGood(nonce) {
      // The next one, too: the clock of the gateway that gave it may be ahead.
      for (const slot of [slotNow(), slotNow() - 1, slotNow() + 1]) if (nonce === (await make(slot))) return true;
      return false;
    },
  };
}

async function sign(key: Promise<CryptoKey>, slot: number): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await key, new TextEncoder().encode(`dpop-nonce:${slot}`));
  return base64url.encode(new Uint8Array(signature, 0, 18));
}
