import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortTakenError } from './PortTakenError.ts';

/** Listens and returns the port; rejects with a `PortTakenError` where it is in use. */
export function listen(server: Server, name: string, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(name, host, port) : error);
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
