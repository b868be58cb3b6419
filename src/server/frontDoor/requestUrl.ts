import type { Config } from '../../config/Config.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';

/**
 * What a request was sent to, as its client knows it: `public_url`, or what the connection and the `Host` header say; behind trusted proxies what the last
 * of them says (`X-Forwarded-Proto`, `X-Forwarded-Host`). Undefined where there is no connection, or no host.
 */
export function requestUrl({
  public_url: publicUrl,
  trusted_hops: hops,
}: Pick<Config, 'public_url' | 'trusted_hops'>): (context: OpenContext) => string | undefined {
  if (publicUrl !== undefined) return () => publicUrl;
  return ({ headers, connection, target }) => {
    if (connection === undefined) return undefined;
    const isSecure = (connection as { readonly encrypted?: boolean }).encrypted === true;
    const scheme = (hops > 0 ? lastOf(headers.get('x-forwarded-proto')) : undefined) ?? (isSecure ? 'https' : 'http');
    const host = (hops > 0 ? lastOf(headers.get('x-forwarded-host')) : undefined) ?? headers.get('host');
    return host === null ? undefined : `${scheme}://${host}${target ?? '/'}`;
  };
}

function lastOf(header: string | null): string | undefined {
  return header?.split(',').at(-1)?.trim() || undefined;
}
