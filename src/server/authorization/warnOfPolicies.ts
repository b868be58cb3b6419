import type { Log } from '../../lib/Log.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';

/** Says which policies of a schema nobody can ever meet, because nothing decides on them. */
export function warnOfPolicies({ requirements }: Supergraph, decides: (policy: string) => boolean, log: Log): void {
  const named = new Set([...requirements.values()].flatMap(({ policies }) => policies.flat(2)));
  const open = [...named].filter((policy) => !decides(policy)).sort();
  if (open.length === 0) return;
  const names = open.map((policy) => `"${policy}"`).join(', ');
  log.warn(
    `Nothing decides on ${open.length === 1 ? 'the policy' : 'the policies'} ${names} of the schema, so that nobody meets ${open.length === 1 ? 'it' : 'them'}: "authorization.policies" or "authorization.policy_service" can.`,
  );
}
