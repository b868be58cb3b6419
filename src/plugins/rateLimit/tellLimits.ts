import type { OpenContext } from '../GatewayPlugin.ts';
import type { Charge, Policy, Standing } from './Limiter.ts';

const EXPOSED = 'RateLimit, RateLimit-Policy, Retry-After';

/** Writes `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11) into the headers of the answer. */
export function tellLimits(context: OpenContext, charges: readonly Charge[], standings: readonly Standing[]): void {
  let limits = '';
  let policies = '';
  for (let index = 0; index < charges.length; index += 1) {
    const { policy } = charges[index] as Charge;
    const comma = index === 0 ? '' : ', ';
    limits += comma + limitText(policy, standings[index] as Standing);
    policies += comma + policyText(policy);
  }
  context.responseHeaders ??= new Map();
  context.responseHeaders.set('ratelimit', limits).set('ratelimit-policy', policies);
  // Without it a page of another origin does not see them.
  if (context.headers.get('origin') !== null) context.responseHeaders.set('access-control-expose-headers', EXPOSED);
}

/** `t` says the same time as `Retry-After` where the limit refuses. */
function limitText({ name }: Policy, { allowed, remaining, retryAfter, resetAfter }: Standing): string {
  const time = allowed ? resetAfter : retryAfter;
  const known = time !== undefined && Number.isFinite(time);
  return known ? `"${name}";r=${remaining};t=${toSeconds(time)}` : `"${name}";r=${remaining}`;
}

const texts = new WeakMap<Policy, string>();

function policyText(policy: Policy): string {
  const known = texts.get(policy);
  if (known !== undefined) return known;
  const text = `"${policy.name}";${membersOf(policy)}`;
  texts.set(policy, text);
  return text;
}

function membersOf(policy: Policy): string {
  if (policy.kind === 'concurrency') return `q=${policy.limit};qu="concurrent-requests"`;
  const unit = policy.unit === 'cost' ? ';qu="cost"' : '';
  if (policy.kind === 'rate') return `q=${policy.rate}${unit};w=${toSeconds(policy.window)}`;
  // Months differ in length.
  return `q=${policy.limit}${unit}${policy.period === 'day' ? ';w=86400' : ''}`;
}

/** Whole, and never too early. */
export function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
