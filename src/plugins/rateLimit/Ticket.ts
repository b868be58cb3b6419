import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { OpenContext } from '../GatewayPlugin.ts';
import type { RunWithout } from './fields/limitFields.ts';
import type { Charge, Standing } from './Limiter.ts';
import type { Asked, Limits } from './Limits.ts';

/** What becomes of one operation; on its context where something is still to come. */
export interface Ticket {
  readonly limits: Limits;
  readonly asked: Asked;
  /** What was taken so far, and how that stood. */
  readonly charges: Charge[];
  readonly standings: Standing[];
  /** Once it is valid. */
  document?: { readonly schema: GraphQLSchema; readonly document: DocumentNode };
  costIsTaken: boolean;
  /** Set where fields are refused. */
  runWithout?: RunWithout | undefined;
  /** It answers with a stream, which may last longer than the request. */
  isStreaming: boolean;
  isOver: boolean;
}

const TICKET = Symbol('rate limit');

export function ticketOf(context: object): Ticket | undefined {
  return (context as { readonly [TICKET]?: Ticket })[TICKET];
}

/** `isEarly`: there will be more to charge, once it is known who asks. */
export function startTicket(context: OpenContext, limits: Limits, isEarly = false): Ticket {
  const { caller, headers, clientAddress } = context;
  const asked: Asked = { caller, headers, clientAddress, cost: 1 };
  const ticket: Ticket = {
    limits,
    asked,
    charges: [],
    standings: [],
    costIsTaken: false,
    isStreaming: false,
    isOver: false,
  };
  const isLater = isEarly || limits.late.length > 0 || limits.costs.length > 0 || limits.withDirectives !== undefined;
  if (isLater) (context as { [TICKET]?: Ticket })[TICKET] = ticket;
  return ticket;
}
