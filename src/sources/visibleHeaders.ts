import type { Source } from '../execute/Source.ts';
import type { SubgraphCredentials } from './credentials/SubgraphCredentials.ts';
import type { forwardHeaders } from './forwardHeaders.ts';

/** Of who asks, a backend sees the headers that are sent on, whom the gateway speaks for, and nothing else. */
export function visibleHeaders(
  toHeaders: ReturnType<typeof forwardHeaders>,
  identify?: SubgraphCredentials['identify'],
): NonNullable<Source['visible']> {
  let last: Readonly<Record<string, string>> | undefined;
  let text = '';
  return (context) => {
    const headers = toHeaders(context);
    // Without propagated headers it is the same object each time.
    if (headers !== last) text = JSON.stringify(headers);
    last = headers;
    return identify === undefined ? text : `${text}\n${identify(context).key}`;
  };
}
