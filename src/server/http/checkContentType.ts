import { GatewayError } from '../../errors/GatewayError.ts';

/** A parameter (RFC 9110, 5.6.6), and what some write around its "=" although nobody may. */
const PARAMETER = /^([^\s=]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))$/;

/**
 * Throws 415 unless it is JSON in UTF-8. What is not clear is refused too, for another reader in front of the gateway may have taken it otherwise,
 * and looked into another text than the one that is read here: two charsets, a charset that is no parameter.
 */
export function checkContentType(header: string | null): void {
  if (header === null || header.trim() === '')
    throw unsupported('A POST request needs the header "content-type: application/json".');
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'application/json')
    throw unsupported(`Expected the content type "application/json", got ${quoted(type)}.`);
  let charset: string | undefined;
  for (const parameter of parameters) {
    // Also "charset*" of RFC 8187, and a charset inside of a value that has a ";".
    if (!parameter.includes('charset')) continue;
    const [, name, quotedValue, value = quotedValue?.replaceAll(/\\(.)/g, '$1')] = PARAMETER.exec(parameter) ?? [];
    if (name !== 'charset' || value === undefined)
      throw unsupported(`Expected the charset "utf-8" or none, got ${quoted(parameter)}.`);
    if (charset !== undefined) throw unsupported('Expected the charset "utf-8" or none, got several.');
    charset = value;
  }
  // Both are names of it to browsers (encoding.spec.whatwg.org).
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw unsupported(`Expected the charset "utf-8", got ${quoted(charset)}.`);
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function unsupported(message: string): GatewayError {
  return new GatewayError('UNSUPPORTED_MEDIA_TYPE', message);
}
