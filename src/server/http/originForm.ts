/**
 * Path and query of a request target, also of one in absolute form, which servers have to accept (RFC 9112, 3.2.2);
 * undefined where the target, or the Host header beside it, is none.
 */
export function originForm(target: string | undefined, host: string | undefined): string | undefined {
  if (target === undefined || (host !== undefined && host !== '' && !/^[^\s/?#@\\]+$/.test(host))) return undefined;
  if (host !== undefined && host !== '' && !URL.canParse(`http://${host}`)) return undefined;
  if (target.startsWith('/')) return URL.canParse(target, 'http://host') ? target : undefined;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}
