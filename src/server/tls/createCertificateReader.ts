import type { ClientCertificate } from '../../context.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import { type CertificateHeader, certificateOfHeader } from './certificateOfHeader.ts';
import { certificateOfSocket } from './certificateOfSocket.ts';

export interface CertificateReaderOptions {
  /** Behind proxies: where they tell the client's certificate. */
  readonly header?: CertificateHeader | undefined;
  /** Whether proxies have to show a good certificate of their own before they are believed. */
  readonly asksProxies: boolean;
}

/** Finds the certificate of who asks. With a header, that of the connection is the proxy's and nobody else's. */
export function createCertificateReader({
  header,
  asksProxies,
}: CertificateReaderOptions): (context: Pick<OpenContext, 'headers' | 'connection'>) => ClientCertificate | undefined {
  if (header === undefined) return ({ connection }) => certificateOfSocket(connection);
  return ({ headers, connection }) => {
    // Without a connection nobody knows who stands at its end.
    if (connection === undefined) return undefined;
    if (asksProxies) {
      const own = certificateOfSocket(connection);
      if (own === undefined || own.problem !== undefined) return undefined;
    }
    return certificateOfHeader(headers, header);
  };
}
