import type { Config } from './Config.ts';
import type { PathIssue } from './toIssues.ts';

/** What is valid and yet probably not meant: combinations by which somebody else could come in, or read along. */
export function checkSafety(config: Config): PathIssue[] {
  return [
    ...checkConnection(config),
    ...checkAuthentication(config),
    ...checkCache(config),
    ...checkSubgraphs(config),
    ...checkTelemetry(config),
  ];
}

type Path = readonly (string | number)[];

function warning(path: Path, message: string): PathIssue {
  return { path, at: 'value', message };
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

/** How credentials come to the gateway. */
function checkConnection({ authentication, tls, host, trusted_hops: hops, public_url: url }: Config): PathIssue[] {
  if (authentication === undefined) return [];
  const issues: PathIssue[] = [];
  const { client_certificate: certificate, ...others } = authentication;
  const sent = (['jwt', 'introspection', 'api_keys', 'basic', 'forward'] as const).filter((name) => others[name]);
  if (sent.length > 0 && tls === undefined && hops === 0 && !LOOPBACK.test(host))
    issues.push(
      warning(
        ['authentication', sent[0] ?? 'jwt'],
        `Credentials come to "${host}" over plain HTTP and can be read on the way; expected "tls", a loopback "host", or "trusted_hops" behind a proxy with TLS.`,
      ),
    );
  for (const name of ['jwt', 'introspection'] as const)
    if (authentication[name]?.dpop !== undefined && url === undefined)
      issues.push(
        warning(
          ['authentication', name, 'dpop'],
          'Without "public_url" proofs have to name whatever host the request names; expected the address that clients know.',
        ),
      );
  const header = certificate?.header;
  if (header !== undefined && header.from === undefined && tls?.client_auth === undefined && !LOOPBACK.test(host))
    issues.push(
      warning(
        ['authentication', 'client_certificate', 'header'],
        `Whoever reaches "${host}" past the proxies can tell any certificate; expected "from" with their addresses, "tls.client_auth" or a loopback "host".`,
      ),
    );
  if (certificate !== undefined && header === undefined && tls?.client_auth === undefined)
    issues.push(
      warning(
        ['authentication', 'client_certificate'],
        'Nobody is asked for a certificate; expected "tls.client_auth", or "header" behind a proxy.',
      ),
    );
  return issues;
}

function checkAuthentication({ authentication, cors }: Config): PathIssue[] {
  if (authentication === undefined) return [];
  const { jwt, introspection, api_keys: keys, forward } = authentication;
  const issues: PathIssue[] = [];
  const warn = (path: Path, message: string) => issues.push(warning(['authentication', ...path], message));
  for (const [index, { url, issuers, audiences }] of (jwt?.jwks ?? []).entries()) {
    if (url !== undefined && isPlain(url))
      warn(['jwt', 'jwks', index, 'url'], `Keys over plain HTTP can be exchanged on the way; expected "https".`);
    if (issuers === undefined && (jwt?.jwks.length ?? 0) > 1)
      warn(['jwt', 'jwks', index], 'Without "issuers" these keys vouch for tokens in the name of every other issuer.');
    if (audiences === undefined)
      warn(['jwt', 'jwks', index], 'Without "audiences" a token that was made for another service is good here.');
  }
  if (introspection !== undefined && isPlain(introspection.url))
    warn(['introspection', 'url'], 'Tokens and a secret over plain HTTP can be read on the way; expected "https".');
  if (forward !== undefined && isPlain(forward.url))
    warn(['forward', 'url'], 'Credentials over plain HTTP can be read on the way; expected "https".');
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

/** Headers by which backends know people. */
const PERSONAL = /^(authorization|cookie|x-api-key)$|user|token|session/;

function checkCache({ response_cache: cache, subgraphs }: Config): PathIssue[] {
  if (cache?.enabled !== true) return [];
  const issues: PathIssue[] = [];
  const { listen, shared_key: key } = cache.invalidation;
  if (key !== undefined && !isLoopback(listen))
    issues.push(
      warning(
        ['response_cache', 'invalidation', 'listen'],
        `Whoever reaches "${listen}" can try keys there, and reads them on the way: it is plain HTTP; expected a loopback address.`,
      ),
    );
  const { all, subgraphs: own } = cache.subgraph;
  for (const { name, headers, authentication } of subgraphs) {
    const scope = own[name]?.scope ?? all.scope;
    const personal =
      [...headers.propagate, ...Object.keys(headers.compute ?? {})].find((header) => PERSONAL.test(header)) ??
      authentication?.internal_jwt?.header;
    if (scope !== 'public' || personal === undefined) continue;
    const path = own[name]?.scope === undefined ? ['all'] : ['subgraphs', name];
    issues.push(
      warning(
        ['response_cache', 'subgraph', ...path, 'scope'],
        `Subgraph "${name}" is sent the header "${personal}": what it answers to one person is given to everybody, unless it says "private".`,
      ),
    );
  }
  return issues;
}

function checkTelemetry({ telemetry }: Config): PathIssue[] {
  const { enabled, listen } = telemetry.exporters.metrics.prometheus;
  if (!enabled || isLoopback(listen)) return [];
  const path = ['telemetry', 'exporters', 'metrics', 'prometheus', 'listen'];
  return [warning(path, `Whoever reaches "${listen}" can read the metrics; expected a loopback address.`)];
}

/** Of `host:port`. */
function isLoopback(listen: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(listen);
}

/** Bearer tokens, and the secrets that they are had for, must not be read on the way. */
function checkSubgraphs({ subgraphs }: Config): PathIssue[] {
  return subgraphs.flatMap(({ name, url, headers, authentication = {} }) => {
    const { oauth2, internal_jwt: jwt, aws_sig_v4: aws } = authentication;
    const issues: PathIssue[] = [];
    const own = [jwt?.header, oauth2 === undefined && aws === undefined ? undefined : 'authorization'];
    const twice = [...Object.keys(headers.send), ...Object.keys(headers.compute ?? {})].find((header) =>
      own.includes(header),
    );
    if (twice !== undefined)
      issues.push(
        warning(
          ['subgraphs'],
          `The rule for the header "${twice}" has no effect for subgraph "${name}": its "authentication" sets that header.`,
        ),
      );
    if (oauth2 !== undefined && isPlain(oauth2.token_url))
      issues.push(
        warning(
          ['subgraphs'],
          `The secret for the tokens of subgraph "${name}" goes over plain HTTP and can be read on the way; expected "https" in "token_url".`,
        ),
      );
    const isToken = oauth2 !== undefined || jwt !== undefined;
    if (isToken && url !== undefined && isPlain(url.replace(/^grpc:\/\/|^(?=[^/]+:\d+$)/, 'http://')))
      issues.push(
        warning(
          ['subgraphs'],
          `Subgraph "${name}" is sent tokens over plain HTTP, which can be read on the way; expected "https", or networks that nobody else reaches.`,
        ),
      );
    return issues;
  });
}

/** Plain HTTP, and not on this machine. */
function isPlain(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:' && !LOOPBACK.test(new URL(url).hostname);
}
