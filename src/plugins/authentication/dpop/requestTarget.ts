/**
 * An address without query and fragment, in the one form that all its spellings have (RFC 9449, 4.3; RFC 3986, 6.2.2 and 6.2.3), that of a WebSocket as
 * that of the request which opens it. Undefined for what is no address of HTTP.
 */
export function requestTarget(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, host, pathname } = new URL(text);
  const scheme = SCHEMES.get(protocol);
  if (scheme === undefined || username !== '' || password !== '') return undefined;
  const path = pathname.replaceAll(/%[0-9a-f]{2}/gi, normalized);
  return `${scheme}//${host}${path}`;
}

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ['http:', 'http:'],
  ['https:', 'https:'],
  ['ws:', 'http:'],
  ['wss:', 'https:'],
]);

/** Letters, digits and marks that need no encoding stand for themselves. */
function normalized(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
}
