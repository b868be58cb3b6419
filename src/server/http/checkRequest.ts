import type { Config } from '../../config/Config.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import { checkBodyHeaders } from './checkBodyHeaders.ts';
import type { RequestHead } from './RequestHead.ts';

export type HttpRules = Pick<Config, 'csrf' | 'limits' | 'cors' | 'traffic_shaping'>;

/** Everything that can be refused by the head of a request alone; throws a `GatewayError`. Both lanes go through here. */
export function checkRequest(head: RequestHead, rules: HttpRules): void {
  if (head.method !== 'GET' && head.method !== 'POST') {
    throw new GatewayError('METHOD_NOT_ALLOWED', 'GraphQL is served by GET and POST.', {
      extensions: { http: { headers: { allow: 'GET, POST' } } },
    });
  }
  if (rules.csrf !== false) checkCsrf(head, rules.csrf.required_headers);
  if (head.method === 'POST') checkBodyHeaders(head.headers, rules);
}

function checkCsrf(head: RequestHead, required: readonly string[]): void {
  // A POST of any type but JSON's is refused by its type in any case; say that, it helps more.
  if (head.method === 'POST') return;
  // Browsers ask before they send this one to a foreign origin. What they make of types that are malformed or odd has differed.
  const type = head.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  // Every current browser says where a request comes from, and a page cannot forge it; whoever says nothing is no browser.
  const site = head.headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin' || site === 'none') return;
  if (required.some((name) => head.headers.get(name) !== null)) return;
  const names = required.map((name) => `"${name}"`).join(', ');
  throw new GatewayError(
    'CSRF_REJECTED',
    `A GET request from another site's page needs one of the headers ${names}, or the content type "application/json".`,
  );
}
