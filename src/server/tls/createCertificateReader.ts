import type { ClientCertificate } from '../../context.ts';
import type { HeaderReader } from '../../execute/Source.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import { clientAddress } from '../http/clientAddress.ts';
import type { Connection } from '../operationContext.ts';
import { type CertificateHeader, certificateOfHeader } from './certificateOfHeader.ts';
import { certificateOfSocket } from './certificateOfSocket.ts';

export interface CertificateReaderOptions {
  /** Behind proxies: where they tell the client's certificate. */
  readonly header?: CertificateHeader | undefined;
  /** Whether proxies have to show a good certificate of their own before they are believed. */
  readonly asksProxies: boolean;
  /** Whether a proxy has this address; absent: any may. */
  readonly isProxy?: ((address: string | undefined) => boolean) | undefined;
}

/** Finds the certificate of who asks. With a header, that of the connection is the proxy's and nobody else's. */
export function createCertificateReader({
  header,
  asksProxies,
  isProxy,
}: CertificateReaderOptions): (context: Pick<OpenContext, 'headers' | 'connection'>) => ClientCertificate | undefined {
  if (header === undefined) return ({ connection }) => certificateOfSocket(connection);
  return ({ headers, connection }) => {
    // Without a connection nobody knows who stands at its end.
    if (connection === undefined) return undefined;
    if (isProxy?.(peerOf(headers, connection)) === false) return undefined;
    if (asksProxies) {
      const own = certificateOfSocket(connection);
      if (own === undefined || own.problem !== undefined) return undefined;
    }
    return certificateOfHeader(headers, header);
  };
}

/** The other end of the connection itself, whatever it says of others. */
function peerOf(headers: HeaderReader, connection: Connection): string | undefined {
  return clientAddress(headers, connection.remoteAddress, 0);
}
