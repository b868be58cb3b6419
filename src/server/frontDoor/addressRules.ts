import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { AddressesConfig } from '../../config/Config.ts';

/** What is denied is denied in any case; with `allow`, so is all that is not in it, and an address that is not known. */
export function addressRules({ allow, deny }: AddressesConfig): (address: string | undefined) => boolean {
  const allowed = allow === undefined ? undefined : toList(allow);
  const denied = toList(deny);
  return (address) => {
    const family = address === undefined ? undefined : familyOf(address);
    if (address === undefined || family === undefined) return allowed === undefined;
    return !denied.check(address, family) && (allowed === undefined || allowed.check(address, family));
  };
}

function toList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = familyOf(address) ?? 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
}
