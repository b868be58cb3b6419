import { createHash, createHmac } from 'node:crypto';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Whether a request is signed by this secret, as AWS describes Signature Version 4: made of the request that came, for the service and region that it names. */
export function verifyAws(
  { method, url, headers, body }: ReceivedRequest,
  secret: string,
  scopeWanted: string,
): boolean {
  const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    headers['authorization'] ?? '',
  );
  const [, credential = '', names = '', signature] = given ?? [];
  const [, day = '', region = '', service = '', kind = ''] = credential.split('/');
  const date = headers['x-amz-date'] ?? '';
  if (`${region}/${service}` !== scopeWanted || kind !== 'aws4_request' || !date.startsWith(day)) return false;
  if (!names.split(';').includes('host') || Math.abs(Date.now() - parseDate(date)) > 300_000) return false;
  const payload = headers['x-amz-content-sha256'] ?? sha256(body);
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return false;
  const [path = '', query = ''] = url.split('?');
  // Only S3 takes the path as it is; others encode it once more.
  const canonicalPath = service === 's3' ? path : path.split('/').map(encodeURIComponent).join('/');
  const canonical = [
    method,
    canonicalPath,
    query.split('&').sort().join('&'),
    ...names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    payload,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex') === signature;
}

function parseDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
