/** The directives of `Cache-Control` (RFC 9111, 5.2) by their names in lower case; of one that comes twice the first counts. */
export function parseCacheControl(text: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const [, name = '', quoted, token] of text.matchAll(
    /([^\s,;="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g,
  )) {
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '');
  }
  return directives;
}
