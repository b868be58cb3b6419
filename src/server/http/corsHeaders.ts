import type { CorsConfig } from '../../config/Config.ts';
import type { HeaderReader } from '../../execute/Source.ts';

/** Headers that every answer carries for the request's `Origin`. Empty where CORS is off (the default) or the request has no origin. */
export function corsHeaders(cors: CorsConfig | false, request: HeaderReader): Record<string, string> {
  if (cors === false) return {};
  // Also on refusals: a cache must not hand one origin's answer to another.
  const vary = cors.origins === '*' && !cors.credentials ? {} : { vary: 'Origin' };
  const origin = request.get('origin');
  if (origin === null || !isAllowedOrigin(cors, origin)) return vary;
  const { expose_headers: exposed = [] } = cors;
  return {
    ...vary,
    ...(exposed.length === 0 ? {} : { 'access-control-expose-headers': exposed.join(', ') }),
    'access-control-allow-origin': cors.origins === '*' && !cors.credentials ? '*' : origin,
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

/** What a preflight (`OPTIONS`) is told in addition. */
export function preflightHeaders(cors: CorsConfig | false, request: HeaderReader): Record<string, string> {
  const base = corsHeaders(cors, request);
  if (cors === false || base['access-control-allow-origin'] === undefined) return base;
  return {
    ...base,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': cors.allow_headers.join(', '),
    ...(cors.max_age === undefined ? {} : { 'access-control-max-age': String(cors.max_age) }),
  };
}

export function isAllowedOrigin(cors: CorsConfig, origin: string): boolean {
  return cors.origins === '*' || cors.origins.includes(origin);
}

/** `Vary` of an answer with a name more. */
export function joinVary(known: string | null | undefined, added: string): string {
  return known === null || known === undefined || known === '' ? added : `${known}, ${added}`;
}
