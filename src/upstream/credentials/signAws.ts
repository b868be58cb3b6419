import aws4 from 'aws4';
import type { CredentialHeaders, SignableRequest } from './Credentials.ts';

export interface AwsKeys {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const SIGNED = ['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'];

/** The headers of AWS Signature Version 4. Beside its own headers it covers the host and the body with its type: others may be changed on the way. */
export function signAws(
  { method, url, headers, body }: Pick<SignableRequest, 'method' | 'url' | 'headers' | 'body'>,
  { service, region, accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  time: number,
): CredentialHeaders {
  const { host, pathname, search } = new URL(url);
  const type = headers['content-type'];
  const signed = aws4.sign(
    {
      method,
      host,
      path: pathname + search,
      service,
      region,
      ...(body === undefined ? {} : { body }),
      headers: {
        'X-Amz-Date': new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, ''),
        ...(type === undefined ? {} : { 'Content-Type': String(type) }),
      },
    },
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  return Object.fromEntries(
    Object.entries(signed.headers ?? {})
      .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
      .filter(([name]) => SIGNED.includes(name)),
  );
}
