import { isIP } from 'node:net';
import type { HeaderReader } from '../../execute/Source.ts';

/**
 * The address of the client behind `trustedHops` proxies of ours, each of which has put its own peer at the end of `X-Forwarded-For`. What stands
 * further left anybody may have written. IPv4 in IPv6's form comes as IPv4.
 */
export function clientAddress(
  headers: HeaderReader,
  peer: string | undefined,
  trustedHops: number,
): string | undefined {
  if (peer === undefined) return undefined;
  let address = plain(peer);
  const hops = trustedHops === 0 ? [] : (headers.get('x-forwarded-for') ?? '').split(',');
  for (let hop = 0; hop < trustedHops; hop += 1) {
    const told = plain(hops.pop()?.trim() ?? '');
    // A proxy that does not say who called is the last that is known.
    if (isIP(told) === 0) return address;
    address = told;
  }
  return address;
}

function plain(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return (
    mapped ?? /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address
  );
}
