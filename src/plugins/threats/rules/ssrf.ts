/**
 * What: a URL that leads back into the operator's own network, or to no web server at all. Where: one of the rules of `threat_protection`.
 * Only values that are a URL as a whole are looked at: an address in a text is fetched by nobody.
 */

import { isInside } from './isInside.ts';
import type { Rule } from './Rule.ts';

/** By which a fetching library reads files, or speaks another protocol than was meant. */
const OTHER =
  /(?:^|[=,;|])\s?(?:url:|view-source:|feed:)?(?:file|gopher|dict|ldaps?|ldapi|tftp|sftp|jar|netdoc|phar|php|expect|zip|glob|rar|ogg|ssh2|smb|rmi|jndi|local_file|compress\.zlib):[/\\]{0,3}\S/;
const METADATA =
  /^(?:169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|metadata\.google\.internal|192\.0\.0\.192)(?:[:/?#]|$)/;

export const ssrf: Rule = (text) => {
  if (!text.includes(':') && !text.includes('//') && !text.includes('.')) return false;
  const value = text.trim();
  if (value.length > LONGEST_URL || value.includes(' ')) return false;
  // Readers of URLs leave these out.
  const url = value.replace(/[\t\r\n]/g, '');
  if (/\s/.test(url) || (url !== value && !/^[a-z][a-z0-9+.-]*:|^[/\\]{2}/.test(url))) return false;
  if (OTHER.test(url) || METADATA.test(url)) return true;
  // Also a URL in the query of another one.
  for (const { index } of url.matchAll(/(?:(?:https?|wss?|ftps?):[/\\]{0,4}|(?:^|[=:])(?:\/\/|\\\\))/g))
    if (hostsOf(url.slice(index).replace(/^[=:]/, '')).some(isInside)) return true;
  return false;
};

const LONGEST_URL = 4_096;

/** As browsers read it (WHATWG), and as others do (RFC 3986): where these differ one of them checks and the other one fetches. */
function hostsOf(url: string): readonly string[] {
  const absolute = /^[/\\]{2}/.test(url) ? `http:${url}` : url;
  const authority = /^[a-z]+:[/\\]{0,4}([^/?#]*)/.exec(absolute)?.[1] ?? '';
  // Nearly all: a name that no two read differently.
  const name = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,63})(?::\d{1,5})?$/.exec(authority)?.[1];
  if (name !== undefined) return [name];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const other = authority.split(/[@\\]/)[0] ?? '';
  return [absolute, `http://${host}`, `http://${other}`].flatMap((candidate) => {
    const parsed = URL.parse(candidate);
    return parsed === null ? [] : [parsed.hostname];
  });
}
