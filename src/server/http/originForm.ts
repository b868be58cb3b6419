/**
 * Path and query of a request target, also of one in absolute form, which servers have to accept (RFC 9112, 3.2.2);
 * undefined where the target, or the Host header beside it, is none.
 */
export function originForm(target: string | undefined, host: string | undefined): string | undefined {
  const pair = `${host} ${target}`;
  if (target !== undefined && recent.has(pair)) return target;
  const path = readTarget(target, host);
  if (path !== target || path === undefined) return path;
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.add(pair);
  return path;
}

/** Clients send few different ones, and reading two URLs takes 2 µs of each request. */
const recent = new Set<string>();
const RECENT_MAX = 100;

function readTarget(target: string | undefined, host: string | undefined): string | undefined {
  if (target === undefined || (host !== undefined && host !== '' && !/^[^\s/?#@\\]+$/.test(host))) return undefined;
  if (host !== undefined && host !== '' && !URL.canParse(`http://${host}`)) return undefined;
  if (target.startsWith('/')) return URL.canParse(target, 'http://host') ? target : undefined;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}
