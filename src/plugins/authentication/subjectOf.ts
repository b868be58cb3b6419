/**
 * Whom a token is of (RFC 7519, 4.1.2; RFC 7662, 2.2), or the client alone. Some issuers write numbers; what else is no name is nobody's, for under that
 * of the client all of its users would be one.
 */
export function subjectOf(claims: Readonly<Record<string, unknown>>): string | undefined {
  const named = claims['sub'] ?? claims['client_id'];
  if (typeof named === 'number') return String(named);
  return typeof named === 'string' && named !== '' ? named : undefined;
}
