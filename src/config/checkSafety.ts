import type { Config } from './Config.ts';
import type { PathIssue } from './toIssues.ts';

/** What is valid and yet probably not meant: combinations by which somebody else could come in, or read along. */
export function checkSafety({ authentication, cors }: Config): PathIssue[] {
  if (authentication === undefined) return [];
  const { jwt, api_keys: keys } = authentication;
  const issues: PathIssue[] = [];
  const warn = (path: readonly (string | number)[], message: string) =>
    issues.push({ path: ['authentication', ...path], at: 'value', message });
  for (const [index, { url, issuers, audiences }] of (jwt?.jwks ?? []).entries()) {
    if (url !== undefined && isPlain(url))
      warn(['jwt', 'jwks', index, 'url'], `Keys over plain HTTP can be exchanged on the way; expected "https".`);
    if (issuers === undefined && (jwt?.jwks.length ?? 0) > 1)
      warn(['jwt', 'jwks', index], 'Without "issuers" these keys vouch for tokens in the name of every other issuer.');
    if (audiences === undefined)
      warn(['jwt', 'jwks', index], 'Without "audiences" a token that was made for another service is good here.');
  }
  if (authentication.introspection !== undefined && isPlain(authentication.introspection.url))
    warn(['introspection', 'url'], 'Tokens and a secret over plain HTTP can be read on the way; expected "https".');
  for (const [method, sources] of [['jwt', jwt?.sources] as const, ['api_keys', keys?.sources] as const]) {
    for (const [index, { type }] of (sources ?? []).entries()) {
      if (type === 'query')
        warn([method, 'sources', index], 'Credentials in a query stand in logs and histories; expected a header.');
      if (type === 'cookie' && cors !== false && cors.credentials && cors.origins === '*')
        warn(
          [method, 'sources', index],
          'With "cors" for every origin and credentials any page can act for its visitor.',
        );
    }
  }
  return issues;
}

/** Plain HTTP, and not on this machine. */
function isPlain(url: string): boolean {
  return (
    URL.canParse(url) &&
    new URL(url).protocol === 'http:' &&
    !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
  );
}
