import { GatewayError } from '../../errors/GatewayError.ts';
import type { HeaderReader } from '../../execute/Source.ts';

/** Refuses a body by its headers: 415 for what is not plain UTF-8 JSON, 413 for what says that it is too large. */
export function checkBodyHeaders(headers: HeaderReader, limit: number): void {
  const contentType = headers.get('content-type');
  // What nearly all clients write.
  if (contentType !== 'application/json') checkContentType(contentType);
  const encoding = headers.get('content-encoding')?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    throw unsupported(`Expected a body without content encoding, got ${JSON.stringify(encoding)}.`);
  }
  if (Number(headers.get('content-length') ?? '0') > limit) throw tooLarge(limit);
}

function checkContentType(contentType: string | null): void {
  if (contentType === null || contentType.trim() === '') {
    throw unsupported('A POST request needs the header "content-type: application/json".');
  }
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json')
    throw unsupported(`Expected the content type "application/json", got ${JSON.stringify(type)}.`);
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw unsupported(`Expected the charset "utf-8", got ${JSON.stringify(charset)}.`);
  }
}

function unsupported(message: string): GatewayError {
  return new GatewayError('UNSUPPORTED_MEDIA_TYPE', message);
}

/** The connection is closed with the answer, for the rest of the body would have to be read otherwise. */
export function tooLarge(limit: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', `The request body is larger than ${limit} bytes.`, {
    extensions: { http: { headers: { connection: 'close' } } },
  });
}
