import type { OpenContext, OperationParams } from '../GatewayPlugin.ts';
import { limitFields } from './fields/limitFields.ts';
import type { Charge, Limiter, Taken } from './Limiter.ts';
import type { Charging, Limits } from './Limits.ts';
import { refusal } from './refusal.ts';
import type { Ticket } from './Ticket.ts';
import { tellLimits } from './tellLimits.ts';
import { untilOne } from './untilOne.ts';

/** Takes what an operation is charged, step by step. A refusal throws (or rejects with) a `GatewayError`, and what was taken before is given back. */
export interface Admission {
  /** What is charged before it is known who asks, unless too many credentials were wrong already. */
  admitFront(context: OpenContext, ticket: Ticket): void | Promise<void>;
  admit(context: OpenContext, ticket: Ticket, chargings: readonly Charging[]): void | Promise<void>;
  /** Each field by itself: a refused one is not run. Only the root field of a subscription refuses all. */
  admitFields(context: OpenContext, ticket: Ticket, fields: Limits['fields']): void | Promise<void>;
  /** Gives places at a time back and settles what was estimated; more than once is the same. */
  finish(context: OpenContext, ticket: Ticket): void;
}

interface FrontAsked {
  /** What is taken. */
  readonly charges: readonly Charge[];
  /** The same, and behind them those that are only asked how they stand. */
  readonly all: readonly Charge[];
  readonly taken: Taken;
}

export function createAdmission(limiter: Limiter): Admission {
  const giveBack = (ticket: Ticket): void => {
    const { charges, standings } = ticket;
    if (charges.length === 0) return;
    limiter.release(charges);
    limiter.adjust(charges.map((charge) => ({ ...charge, quantity: -charge.quantity })));
    charges.length = 0;
    standings.length = 0;
  };
  const finish = (context: OpenContext, ticket: Ticket): void => {
    if (ticket.isOver) return;
    ticket.isOver = true;
    limiter.release(ticket.charges);
    const difference = (context.cost?.actual ?? ticket.asked.cost) - ticket.asked.cost;
    if (difference === 0) return;
    const costs = ticket.charges.filter(({ policy }) => policy.unit === 'cost');
    if (costs.length > 0) limiter.adjust(costs.map((charge) => ({ ...charge, quantity: difference })));
  };
  const enter = (context: OpenContext, ticket: Ticket, charges: readonly Charge[], taken: Taken): void => {
    const { limits } = ticket;
    if (!taken.allowed) {
      giveBack(ticket);
      if (limits.headers) tellLimits(context, charges, taken.standings);
      throw refusal(charges, taken.standings);
    }
    ticket.charges.push(...charges);
    ticket.standings.push(...taken.standings);
    if (limits.headers) tellLimits(context, ticket.charges, ticket.standings);
    if (!charges.some(hasEnd)) return;
    context.whenOver = () => {
      if (!ticket.isStreaming) finish(context, ticket);
    };
  };
  const enterFront = (context: OpenContext, ticket: Ticket, { charges, all, taken }: FrontAsked): void => {
    const standings = taken.standings.map((standing, index) => {
      if (index < charges.length || standing.remaining > 0) return standing;
      const { policy } = all[index] as Charge;
      return { ...standing, allowed: false, retryAfter: untilOne(policy, standing) };
    });
    if (standings.every(({ allowed }) => allowed)) {
      if (charges.length > 0)
        enter(context, ticket, charges, { allowed: true, standings: standings.slice(0, charges.length) });
      return;
    }
    if (taken.allowed) limiter.adjust(charges.map((charge) => ({ ...charge, quantity: -charge.quantity })));
    // How those stand that were given back is not known.
    const from = taken.allowed ? charges.length : 0;
    enter(context, ticket, all.slice(from), { allowed: false, standings: standings.slice(from) });
  };
  return {
    admitFront(context, ticket) {
      const { front, failures } = ticket.limits;
      const charges: Charge[] = [];
      for (const charge of front) charge(ticket.asked, charges);
      const all = [...charges];
      for (const charge of failures) charge(ticket.asked, all);
      if (all.length === 0) return undefined;
      for (let index = charges.length; index < all.length; index += 1)
        all[index] = { ...(all[index] as Charge), quantity: 0 };
      const taken = limiter.take(all);
      if (taken instanceof Promise)
        return taken.then((done) => enterFront(context, ticket, { charges, all, taken: done }));
      return enterFront(context, ticket, { charges, all, taken });
    },
    admit(context, ticket, chargings) {
      const charges: Charge[] = [];
      for (const charge of chargings) charge(ticket.asked, charges);
      if (charges.length === 0) return undefined;
      const taken = limiter.take(charges);
      if (taken instanceof Promise) return taken.then((done) => enter(context, ticket, charges, done));
      return enter(context, ticket, charges, taken);
    },
    admitFields(context, ticket, fields) {
      const { asked, document } = ticket;
      if (document === undefined) return undefined;
      const { operationName, variables = {} } = (context.params ?? {}) as Partial<OperationParams>;
      return limitFields(limiter, { fields, asked, ...document, operationName, variables })?.then(
        (runWithout) => {
          ticket.runWithout = runWithout;
        },
        (error: unknown) => {
          giveBack(ticket);
          throw error;
        },
      );
    },
    finish,
  };
}

/** Whether something is to be done with it when the operation is over. */
function hasEnd({ policy }: Charge): boolean {
  return policy.kind === 'concurrency' || policy.unit === 'cost';
}
