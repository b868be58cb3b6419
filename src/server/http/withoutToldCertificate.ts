/** In which proxies tell the certificates of their clients. */
const NAMES = [
  'x-forwarded-client-cert',
  'x-ssl-client-cert',
  'x-ssl-client-verify',
  'client-cert',
  'client-cert-chain',
];

/** Takes away what only a trusted proxy may say, so that nothing behind here reads it, a subgraph neither. */
export function withoutToldCertificate(headers: Record<string, unknown>): void {
  for (const name of NAMES) if (headers[name] !== undefined) delete headers[name];
}

/** The same for a request of the Fetch API, whose headers may be immutable. */
export function requestWithoutToldCertificate(request: Request): Request {
  if (!NAMES.some((name) => request.headers.has(name))) return request;
  const headers = new Headers(request.headers);
  for (const name of NAMES) headers.delete(name);
  return new Request(request, { headers });
}
