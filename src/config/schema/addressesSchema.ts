import { isIPv4, isIPv6 } from 'node:net';
import * as v from 'valibot';
import { described } from './described.ts';
import { strict } from './strict.ts';

export const network = v.pipe(
  v.string(),
  v.check(
    (text) => isNetwork(text),
    'Expected an address such as "10.0.0.7", or a network such as "10.0.0.0/8" or "2001:db8::/32".',
  ),
);

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (rest.length > 0 || bits === -1) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

export const addressesSchema = strict({
  allow: v.optional(described(v.array(network), 'Addresses and networks that may ask; with it nobody else may.')),
  deny: v.optional(
    described(v.array(network), 'Addresses and networks that may not ask, though they are allowed.'),
    [],
  ),
});
