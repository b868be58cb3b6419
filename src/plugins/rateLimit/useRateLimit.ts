/**
 * What: charges each operation to the limits that are for it. Where: before parse by request; by operation, cost and operations at a time before it runs.
 * A caller sees RATE_LIMITED (429, an `error` frame over WebSocket) with the time to wait, and how its limits stand in the headers of every answer.
 */
import { type DocumentNode, type ExecutionArgs, getOperationAST } from 'graphql';
import type { FieldLimits } from '../../supergraph/fieldLimits.ts';
import type { GatewayPlugin, OpenContext } from '../GatewayPlugin.ts';
import { createAdmission } from './createAdmission.ts';
import { holdUntilEnd } from './holdUntilEnd.ts';
import type { Limiter } from './Limiter.ts';
import type { Asked, Limits } from './Limits.ts';
import { startTicket, type Ticket, ticketOf } from './Ticket.ts';

export interface RateLimitOptions {
  readonly limiter: Limiter;
  /** Those of the newest configuration. */
  readonly current: () => Limits;
  /** `@rateLimit`s of the graph that this request is served from. */
  readonly fieldLimitsOf?: ((context: object) => FieldLimits | undefined) | undefined;
}

type Run = (args: ExecutionArgs) => unknown;

export function useRateLimit({ limiter, current, fieldLimitsOf }: RateLimitOptions): GatewayPlugin {
  const { admit, admitFields, finish } = createAdmission(limiter);
  const fieldsOf = createFieldLimits();
  /** Once it is known: plugins may tell the cost as late as they are asked to execute. */
  const admitCost = (context: OpenContext, ticket: Ticket, isLast: boolean): void | Promise<void> => {
    const { costs } = ticket.limits;
    if (ticket.costIsTaken || costs.length === 0 || (context.cost === undefined && !isLast)) return undefined;
    ticket.costIsTaken = true;
    ticket.asked.cost = context.cost?.estimated ?? 1;
    return admit(context, ticket, costs);
  };
  const begin = (context: OpenContext, setRun: (wrap: (run: Run) => Run) => void): void | Promise<void> => {
    const ticket = ticketOf(context);
    if (ticket === undefined) return undefined;
    const held = () => {
      if (ticket.charges.length > 0 || ticket.runWithout !== undefined)
        setRun((run) => heldBy(ticket, run, () => finish(context, ticket)));
    };
    const admitted = admitCost(context, ticket, true);
    return admitted instanceof Promise ? admitted.then(held) : held();
  };
  return {
    onParams({ context }) {
      const ticket = ticketOf(context) ?? startTicket(context, current());
      // Of one that was started before authentication it was not known.
      ticket.asked.caller = context.caller;
      return admit(context, ticket, ticket.limits.early);
    },
    onValidate({ context, params: { schema, documentAST } }) {
      const ticket = ticketOf(context);
      if (ticket !== undefined) ticket.document = { schema, document: documentAST };
    },
    onContextBuilding({ context: built }) {
      const context = built as unknown as OpenContext;
      const ticket = ticketOf(context);
      if (ticket?.document === undefined) return undefined;
      const { limits, asked, document } = ticket;
      asked.operation = operationOf(document.document, context.params?.operationName);
      const fields = fieldsOf(limits, fieldLimitsOf?.(context));
      const admitted = admit(context, ticket, limits.late);
      const toCost = () => admitCost(context, ticket, false);
      const toFields = (known: Limits['fields']) => admitFields(context, ticket, known);
      const costed = admitted instanceof Promise ? admitted.then(toCost) : toCost();
      if (!(costed instanceof Promise) && !(fields instanceof Promise)) return toFields(fields);
      return Promise.resolve(costed)
        .then(() => fields)
        .then(toFields);
    },
    onExecute: ({ context, executeFn, setExecuteFn }) =>
      begin(context as unknown as OpenContext, (wrap) => setExecuteFn(wrap(executeFn) as typeof executeFn)),
    onSubscribe: ({ context, subscribeFn, setSubscribeFn }) =>
      begin(context as unknown as OpenContext, (wrap) => setSubscribeFn(wrap(subscribeFn) as typeof subscribeFn)),
  };
}

/** Limits of fields with the directives of a graph, once for both. */
function createFieldLimits() {
  type Known = Limits['fields'] | Promise<Limits['fields']>;
  const known = new WeakMap<Limits, WeakMap<FieldLimits, Known>>();
  return (limits: Limits, directives: FieldLimits | undefined): Known => {
    if (directives === undefined || directives.size === 0 || limits.withDirectives === undefined) return limits.fields;
    const byGraph = known.get(limits) ?? new WeakMap<FieldLimits, Known>();
    known.set(limits, byGraph);
    const earlier = byGraph.get(directives);
    if (earlier !== undefined) return earlier;
    const made = limits.withDirectives(directives).then((fields) => {
      byGraph.set(directives, fields);
      return fields;
    });
    byGraph.set(directives, made);
    return made;
  };
}

function operationOf(document: DocumentNode, name: string | undefined): Asked['operation'] {
  const operation = getOperationAST(document, name);
  return operation == null ? undefined : { name: operation.name?.value ?? '', kind: operation.operation };
}

/** Runs without the fields that are refused. A stream ends for itself, anything else with its request. */
function heldBy(ticket: Ticket, run: Run, end: () => void): Run {
  const inner = ticket.runWithout?.(run) ?? run;
  return async (args) => {
    const result = await inner(args);
    const isStream = typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
    // The client may have left meanwhile: its request is over, and a stream that began late ends at once.
    ticket.isStreaming = isStream;
    return isStream ? holdUntilEnd(result as AsyncIterable<unknown>, end) : result;
  };
}
