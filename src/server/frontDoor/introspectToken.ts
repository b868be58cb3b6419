import type { IntrospectionConfig } from '../../config/AuthenticationConfig.ts';
import { readBoundedJson } from './readBoundedJson.ts';

/** What the issuer says of a token (RFC 7662, 2.1). */
export async function introspectToken(config: IntrospectionConfig, token: string): Promise<unknown> {
  const { url, client_id: id, client_secret: secret, timeout } = config;
  // RFC 6749, 2.3.1: both are encoded as a form would before they are joined.
  const credentials = btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  });
  return readBoundedJson(response);
}
