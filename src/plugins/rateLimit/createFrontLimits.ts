/**
 * What: the limits that need not know who asks, and those of wrong credentials. Where: before authentication, so that guessing is limited; at
 * `connection_init` of a socket, too. A caller sees RATE_LIMITED as of every other limit, and nobody has looked at its credentials.
 */
import type { GatewayPlugin, OpenContext } from '../GatewayPlugin.ts';
import { createAdmission } from './createAdmission.ts';
import type { Charge, Limiter } from './Limiter.ts';
import type { Limits } from './Limits.ts';
import { startTicket } from './Ticket.ts';

export interface FrontLimitsOptions {
  readonly limiter: Limiter;
  /** Those of the newest configuration. */
  readonly current: () => Limits;
}

export interface FrontLimits {
  readonly plugin: GatewayPlugin;
  /** To be told of each request whose credentials were wrong. */
  readonly failed: (context: OpenContext) => void;
}

export function createFrontLimits({ limiter, current }: FrontLimitsOptions): FrontLimits {
  const { admitFront } = createAdmission(limiter);
  const act = ({ context }: { readonly context: OpenContext }): void | Promise<void> => {
    const limits = current();
    if (limits.front.length === 0 && limits.failures.length === 0) return undefined;
    return admitFront(context, startTicket(context, limits, true));
  };
  return {
    plugin: { onParams: act, onConnect: act },
    failed({ headers, clientAddress }) {
      const charges: Charge[] = [];
      for (const charge of current().failures) charge({ headers, clientAddress, cost: 1 }, charges);
      // Whether it fits or not: many guesses at once have to be waited for as well.
      if (charges.length > 0) limiter.adjust(charges);
    },
  };
}
