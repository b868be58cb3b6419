import type { ReplyCaching } from '../execute/Source.ts';
import type { HttpAnswer } from '../upstream/HttpClient.ts';

/** What the headers of a reply say on caching; undefined where they say nothing. */
export function readReplyCaching(headers: HttpAnswer['headers']): ReplyCaching | undefined {
  const { 'cache-control': control, expires, vary } = headers;
  if (control === undefined && expires === undefined && vary === undefined) return undefined;
  return {
    cacheControl: joined(control),
    age: joined(headers['age']),
    expires: joined(expires),
    date: joined(headers['date']),
    vary: joined(vary),
  };
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
