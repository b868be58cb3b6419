/**
 * What: a line of JSON for each HTTP request and each operation over WebSocket. Where: once a gateway, where the configuration has `access_logs`.
 * A caller sees none of it. No header but `User-Agent` is written, no query, no variable.
 */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import { useAccessLog } from '../../plugins/useAccessLog.ts';
import { clientAddress } from '../http/clientAddress.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { type AccessLog, noteOperations } from './AccessLog.ts';
import { formatLine } from './formatLine.ts';
import { openLines } from './openLines.ts';

type AccessLogConfig = Pick<Config, 'trusted_hops'> & { readonly access_logs: { readonly output: string } };

/** Rejects with an `IssuesError` where the file cannot be written. */
export async function openAccessLog(
  { access_logs: config, trusted_hops }: AccessLogConfig,
  log: Log,
): Promise<AccessLog> {
  const lines = await openLines(config.output, log);
  const headOf = (request: IncomingMessage) => ({
    address: clientAddress(nodeHeaders(request.headers), request.socket.remoteAddress, trusted_hops),
    path: pathOf(request.url),
    userAgent: request.headers['user-agent'],
  });
  return {
    plugin: useAccessLog(),
    request(request, response) {
      const [time, started] = [Date.now(), performance.now()];
      const operations = noteOperations(request);
      // While there is a connection: afterwards it has no address.
      const head = headOf(request);
      response.once('close', () => {
        const access = {
          ...head,
          time,
          method: request.method,
          status: response.headersSent ? response.statusCode : undefined,
          isAborted: !response.writableFinished,
          duration: performance.now() - started,
          operations,
        };
        lines.write(formatLine(access));
      });
    },
    operation(upgrade, operation) {
      const duration = performance.now() - operation.started;
      const time = Math.round(Date.now() - duration);
      const access = { ...headOf(upgrade), time, protocol: 'websocket', duration, operations: [operation] } as const;
      lines.write(formatLine(access));
    },
    close: () => lines.close(),
  };
}

/** Without its query, which may hold credentials. */
function pathOf(target: string | undefined): string | undefined {
  const at = target?.indexOf('?') ?? -1;
  return at === -1 ? target : target?.slice(0, at);
}
