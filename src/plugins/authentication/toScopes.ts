/** Scopes as claims have them: a text with blanks between them (RFC 8693, 4.2), or a list. */
export function toScopes(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((scope) => scope !== '');
  return Array.isArray(value) ? value.filter((scope) => typeof scope === 'string') : [];
}
