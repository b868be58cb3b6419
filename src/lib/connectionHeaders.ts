/** Headers of one connection (hop-by-hop, RFC 9110, 7.6.1) and of the form of a body: whoever makes an exchange sets them, never a rule. */
const names: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** In any spelling that a backend could take for one of them. */
export function isConnectionHeader(name: string): boolean {
  const variable = headerVariable(name);
  return names.has(variable) || variable.startsWith('sec-websocket-');
}

/** Servers that hand headers on as variables (CGI and its heirs) take `x_user`, `x.user` and `X-User` for the same. */
export function headerVariable(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
}
