import type { TlsConfig } from './Config.ts';

export function decodeTls(
  { cert_file, key_file, client_auth: auth, ...rest }: TlsConfig,
  resolve: (path: string) => string,
): TlsConfig {
  const client_auth = auth && { ...auth, ca_file: auth.ca_file.map(resolve), crl_file: auth.crl_file.map(resolve) };
  return {
    ...rest,
    cert_file: resolve(cert_file),
    key_file: resolve(key_file),
    ...(client_auth === undefined ? {} : { client_auth }),
  };
}
