/**
 * What: charges each operation to the limits that are for it. Where: before parse by request; by operation, cost and operations at a time before it runs.
 * A caller sees RATE_LIMITED (429, an `error` frame over WebSocket) with the time to wait, and how its limits stand in the headers of every answer.
 */
import { type DocumentNode, type ExecutionArgs, type GraphQLSchema, getOperationAST } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { FieldLimits } from '../../supergraph/fieldLimits.ts';
import type { GatewayPlugin, OpenContext, OperationParams } from '../GatewayPlugin.ts';
import { atRelease, pinnedSnapshot } from '../useSnapshot.ts';
import { limitFields, type RunWithout } from './fields/limitFields.ts';
import { holdUntilEnd } from './holdUntilEnd.ts';
import type { Charge, Limiter, Standing, Taken } from './Limiter.ts';
import type { Asked, Charging, Limits } from './Limits.ts';
import { refusal } from './refusal.ts';
import { tellLimits } from './tellLimits.ts';

export interface RateLimitOptions {
  readonly limiter: Limiter;
  /** Those of the newest configuration. */
  readonly current: () => Limits;
}

/** What becomes of one operation; on its context where something is still to come. */
interface Ticket {
  readonly limits: Limits;
  readonly asked: Asked;
  /** What was taken so far, and how that stood. */
  readonly charges: Charge[];
  readonly standings: Standing[];
  /** What has to be done at the end; undefined where nothing has. */
  end?: (() => void) | undefined;
  /** Once it is valid. */
  document?: { readonly schema: GraphQLSchema; readonly document: DocumentNode };
  /** From then on its run ends it, which may be long after the request. */
  isRunning?: boolean | undefined;
  /** Set where fields are refused. */
  runWithout?: RunWithout | undefined;
}

const TICKET = Symbol('rate limit');
type Ticketed = OpenContext & { [TICKET]?: Ticket };

export function useRateLimit({ limiter, current }: RateLimitOptions): GatewayPlugin {
  /** Refuses, or notes what was taken. */
  const judge = (context: OpenContext, ticket: Ticket, charges: readonly Charge[], taken: Taken): void => {
    const { limits, charges: earlier, standings } = ticket;
    if (!taken.allowed) {
      if (earlier.length > 0) limiter.adjust(earlier.map(givenBack));
      if (limits.headers) tellLimits(context, charges, taken.standings);
      throw refusal(charges, taken.standings);
    }
    earlier.push(...charges);
    standings.push(...taken.standings);
    if (limits.headers) tellLimits(context, earlier, standings);
  };
  const admit = (context: OpenContext, ticket: Ticket, charges: readonly Charge[]): void | Promise<void> => {
    if (charges.length === 0) return undefined;
    const enter = (taken: Taken) => {
      judge(context, ticket, charges, taken);
      ticket.end = endOf({ limiter, context, ticket, charges });
      // Another plugin, or a client that leaves, may keep it from ever running.
      if (ticket.end !== undefined) atRelease(context, () => ticket.isRunning === true || ticket.end?.());
    };
    const taken = limiter.take(charges);
    return taken instanceof Promise ? taken.then(enter) : enter(taken);
  };
  const judgeFields = (context: OpenContext, ticket: Ticket, fields: Limits['fields']): void | Promise<void> => {
    const { asked, document } = ticket;
    if (document === undefined) return undefined;
    const { operationName, variables = {} } = (context.params ?? {}) as Partial<OperationParams>;
    return limitFields(limiter, { fields, asked, ...document, operationName, variables })?.then((runWithout) => {
      ticket.runWithout = runWithout;
    });
  };
  const fieldsOf = createFieldLimits();
  return {
    onParams({ context }) {
      const limits = current();
      const asked: Asked = {
        caller: context.caller,
        headers: context.headers,
        clientAddress: context.clientAddress,
        cost: 1,
      };
      const ticket: Ticket = { limits, asked, charges: [], standings: [] };
      if (limits.late.length > 0 || limits.withDirectives !== undefined) (context as Ticketed)[TICKET] = ticket;
      const charges = chargesOf(limits.early, asked);
      if (charges.length === 0) return undefined;
      const taken = limiter.take(charges);
      if (taken instanceof Promise) return taken.then((done) => judge(context, ticket, charges, done));
      return judge(context, ticket, charges, taken);
    },
    onValidate({ context, params: { schema, documentAST } }) {
      const ticket = (context as unknown as Ticketed)[TICKET];
      if (ticket !== undefined) ticket.document = { schema, document: documentAST };
    },
    onContextBuilding({ context: built }) {
      const context = built as unknown as Ticketed;
      const ticket = context[TICKET];
      if (ticket?.document === undefined) return undefined;
      const { limits, asked, document } = ticket;
      asked.operation = operationOf(document.document, context.params?.operationName);
      asked.cost = context.cost?.estimated ?? 1;
      const admitted = admit(context, ticket, chargesOf(limits.late, asked));
      const fields = fieldsOf(limits, pinnedSnapshot(context).fieldLimits);
      // A refusal of the whole operation has given back already.
      const toFields = (known: Limits['fields']) =>
        judgeFields(context, ticket, known)?.catch(endingWith(ticket, limiter));
      if (!(admitted instanceof Promise) && !(fields instanceof Promise)) return toFields(fields);
      return Promise.resolve(admitted)
        .then(() => fields)
        .then(toFields);
    },
    onExecute({ context, executeFn, setExecuteFn }) {
      const ticket = (context as unknown as Ticketed)[TICKET];
      if (ticket?.end !== undefined || ticket?.runWithout !== undefined) setExecuteFn(heldBy(ticket, executeFn));
    },
    onSubscribe({ context, subscribeFn, setSubscribeFn }) {
      const ticket = (context as unknown as Ticketed)[TICKET];
      if (ticket?.end !== undefined || ticket?.runWithout !== undefined) setSubscribeFn(heldBy(ticket, subscribeFn));
    },
  };
}

/** Limits of fields with the directives of a graph, once for both. */
function createFieldLimits() {
  const known = new WeakMap<Limits, WeakMap<FieldLimits, Limits['fields'] | Promise<Limits['fields']>>>();
  return (limits: Limits, directives: FieldLimits | undefined): Limits['fields'] | Promise<Limits['fields']> => {
    if (directives === undefined || directives.size === 0 || limits.withDirectives === undefined) return limits.fields;
    const byGraph = known.get(limits) ?? new WeakMap<FieldLimits, Limits['fields'] | Promise<Limits['fields']>>();
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

/** What was admitted and does not run gives back what it has taken. */
function endingWith(ticket: Ticket, limiter: Limiter): (error: unknown) => never {
  return (error) => {
    ticket.end?.();
    if (ticket.charges.length > 0) limiter.adjust(ticket.charges.map(givenBack));
    throw error;
  };
}

function chargesOf(chargings: readonly Charging[], asked: Asked): Charge[] {
  const charges: Charge[] = [];
  for (const charge of chargings) charge(asked, charges);
  return charges;
}

function givenBack(charge: Charge): Charge {
  return { ...charge, quantity: -charge.quantity };
}

function operationOf(document: DocumentNode, name: string | undefined): Asked['operation'] {
  const operation = getOperationAST(document, name);
  return operation == null ? undefined : { name: operation.name?.value ?? '', kind: operation.operation };
}

interface Ending {
  readonly limiter: Limiter;
  readonly context: Pick<GatewayContext, 'cost'>;
  readonly ticket: Ticket;
  readonly charges: readonly Charge[];
}

/** Gives places at a time back and settles what was estimated, once; undefined where neither is to be done. */
function endOf({ limiter, context, ticket, charges }: Ending): (() => void) | undefined {
  const places = charges.filter(({ policy }) => policy.kind === 'concurrency');
  const costs = charges.filter(({ policy }) => policy.kind !== 'concurrency' && policy.unit === 'cost');
  if (places.length === 0 && costs.length === 0) return undefined;
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (places.length > 0) limiter.release(places);
    const difference = (context.cost?.actual ?? ticket.asked.cost) - ticket.asked.cost;
    if (costs.length > 0 && difference !== 0)
      limiter.adjust(costs.map((charge) => ({ ...charge, quantity: difference })));
  };
}

/** Runs without the fields that are refused; ends with the result, the last of several results, or the failure. */
function heldBy<Run extends (args: ExecutionArgs) => unknown>(ticket: Ticket, run: Run): Run {
  const { runWithout, end } = ticket;
  const inner: (args: ExecutionArgs) => unknown = runWithout === undefined ? run : runWithout(run);
  if (end === undefined) return inner as Run;
  const held = async (args: ExecutionArgs): Promise<unknown> => {
    ticket.isRunning = true;
    let isStream = false;
    try {
      const result = await inner(args);
      isStream = typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
      return isStream ? holdUntilEnd(result as AsyncIterable<unknown>, end) : result;
    } finally {
      if (!isStream) end();
    }
  };
  return held as Run;
}
