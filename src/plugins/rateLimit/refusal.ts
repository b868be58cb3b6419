import { GatewayError } from '../../errors/GatewayError.ts';
import type { Charge, Policy, Standing } from './Limiter.ts';
import { toSeconds } from './tellLimits.ts';

export interface RefusalPlace {
  /** Only a part of the answer is refused, not the whole operation. */
  readonly isPart: boolean;
  /** What this subgraph would give. */
  readonly subgraph?: string | undefined;
}

/** What a client is told of the limit that it has to wait for longest. Seconds where nobody can tell: one. */
export function refusal(
  charges: readonly Charge[],
  standings: readonly Standing[],
  { isPart, subgraph }: RefusalPlace = { isPart: false },
): GatewayError {
  let wait = -1;
  let refusing: Charge | undefined;
  for (const [index, { allowed, retryAfter = 1_000 }] of standings.entries()) {
    if (allowed || retryAfter <= wait) continue;
    wait = retryAfter;
    refusing = charges[index];
  }
  if (refusing === undefined) throw new Error('No limit refuses.');
  const { policy, quantity } = refusing;
  const limit = { limit: policy.name };
  if (!Number.isFinite(wait)) {
    const message = `This operation counts as ${quantity}, which is more than the limit "${policy.name}" (${describe(policy)}) ever allows.`;
    return new GatewayError('RATE_LIMITED', message, { subgraph, extensions: limit });
  }
  const seconds = toSeconds(wait);
  const message = `The limit "${policy.name}" (${describe(policy)}) is reached; try again in ${seconds} s.`;
  // A part of an answer has no headers.
  const http = isPart ? {} : { http: { headers: { 'retry-after': String(seconds) } } };
  return new GatewayError('RATE_LIMITED', message, {
    subgraph,
    extensions: { ...limit, retryAfter: seconds, ...http },
  });
}

function describe(policy: Policy): string {
  switch (policy.kind) {
    case 'rate':
      return `${units(policy, policy.rate)} in ${policy.window / 1_000} s, ${policy.burst} at once`;
    case 'quota':
      return `${units(policy, policy.limit)} a ${policy.period}`;
    case 'concurrency':
      return `${policy.limit} at a time`;
  }
}

function units({ unit }: Policy, count: number): string {
  if (unit === 'cost') return `${count} units of cost`;
  return count === 1 ? '1 request' : `${count} requests`;
}
