import { LRUCache } from 'lru-cache';
import type { PolicyServiceConfig } from '../../config/Config.ts';
import { isRecord } from '../../lib/isRecord.ts';
import type { PolicyService } from '../../plugins/authorization/PolicyService.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';

/** Equal questions whose answers are kept, and that are under way. */
const MOST_KEPT = 10_000;

/**
 * A policy service that speaks OPA's protocol. Equal questions that are under way are asked once; their answers are kept for as long as is configured.
 * What is not an answer with a `result` rejects.
 */
export function openPolicyService(
  { url, headers, timeout, cache }: PolicyServiceConfig,
  http: HttpClient,
  now: () => number = Date.now,
): PolicyService {
  const kept = new LRUCache<string, { readonly met: ReadonlySet<string>; readonly until: number }>({ max: MOST_KEPT });
  const asked = new Map<string, Promise<ReadonlySet<string>>>();
  const ask = async (body: string): Promise<ReadonlySet<string>> => {
    const answer = await http.request({
      subgraph: 'policy_service',
      url,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body,
      timeout,
      idempotent: true,
    });
    const met = readAnswer(answer.status, answer.body);
    if (cache !== undefined) kept.set(body, { met, until: now() + cache });
    return met;
  };
  return (input) => {
    // The whole question is the name of its answer: callers are told apart by all that the service can see.
    const body = JSON.stringify({ input });
    const known = kept.get(body);
    if (known !== undefined && known.until > now()) return Promise.resolve(known.met);
    const under = asked.get(body);
    if (under !== undefined) return under;
    const answer = ask(body).finally(() => asked.delete(body));
    asked.set(body, answer);
    return answer;
  };
}

function readAnswer(status: number, body: string): ReadonlySet<string> {
  if (status !== 200) throw new Error(`Expected the policy service to answer with status 200; it was ${status}.`);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new Error('Expected the policy service to answer JSON; it answered something else.');
  }
  const result = isRecord(answer) ? answer['result'] : undefined;
  if (!isRecord(result))
    throw new Error('Expected an object "result" in the answer of the policy service; there is none.');
  return new Set(Object.entries(result).flatMap(([policy, value]) => (value === true ? [policy] : [])));
}
