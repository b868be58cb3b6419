/**
 * What: charges each call of a subgraph to its own limit. Where: around its source.
 * A caller sees RATE_LIMITED where that subgraph's fields would be, and the rest of the answer.
 */
import type { Source, SourceRequest, SourceResult } from '../../execute/Source.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import type { Charge, Limiter, Taken } from '../../plugins/rateLimit/Limiter.ts';
import type { Asked, Limits } from '../../plugins/rateLimit/Limits.ts';
import { refusal } from '../../plugins/rateLimit/refusal.ts';
import { withFetch } from '../../sources/withFetch.ts';

export interface SourceLimitOptions {
  readonly limiter: Limiter;
  readonly current: () => Limits;
}

export function limitSource(source: Source, { limiter, current }: SourceLimitOptions): Source {
  const { name } = source;
  const chargesOf = ({ context }: SourceRequest): Charge[] => {
    const charging = current().subgraphs.get(name);
    const charges: Charge[] = [];
    if (charging === undefined) return charges;
    const { caller, headers, clientAddress } = context as OpenContext;
    const asked: Asked = { caller, headers, clientAddress, cost: 1 };
    charging(asked, charges);
    return charges;
  };
  const check = (charges: readonly Charge[], { allowed, standings }: Taken): void => {
    if (allowed) return;
    throw refusal(charges, standings, { isPart: true, subgraph: name });
  };
  const fetch = async (request: SourceRequest, charges: readonly Charge[]): Promise<SourceResult> => {
    check(charges, await limiter.take(charges));
    try {
      return await source.fetch(request);
    } finally {
      limiter.release(charges);
    }
  };
  const limited = withFetch(source, (request) => {
    const charges = chargesOf(request);
    return charges.length === 0 ? source.fetch(request) : fetch(request, charges);
  });
  if (source.subscribe === undefined) return limited;
  const subscribe = source.subscribe.bind(source);
  return {
    ...limited,
    subscribe(request) {
      const charges = chargesOf(request).filter(({ policy }) => policy.kind !== 'concurrency');
      if (charges.length === 0) return subscribe(request);
      return onceAdmitted(async () => {
        check(charges, await limiter.take(charges));
        return subscribe(request);
      });
    },
  };
}

/** The events of what is subscribed to at the first `next`. */
function onceAdmitted(start: () => Promise<AsyncIterable<SourceResult>>): AsyncIterable<SourceResult> {
  let inner: Promise<AsyncIterator<SourceResult>> | undefined;
  const begin = async () => (await start())[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        inner ??= begin();
        return (await inner).next();
      },
      async return() {
        const begun = await inner?.catch(() => undefined);
        await begun?.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
