/**
 * What: lets only some addresses in, or keeps some out. Where: before anything else.
 * A caller sees FORBIDDEN (403; 4403 on a socket).
 */
import { GatewayError } from '../errors/GatewayError.ts';
import type { GatewayPlugin, OpenContext } from './GatewayPlugin.ts';

/** `isAllowed` decides on an address; one that is not known is undefined. */
export function useAddressGuard(isAllowed: (address: string | undefined) => boolean): GatewayPlugin {
  const check = ({ context }: { readonly context: OpenContext }): void => {
    if (!isAllowed(context.clientAddress?.())) throw new GatewayError('FORBIDDEN', 'This address may not ask here.');
  };
  return { onParams: check, onConnect: check };
}
