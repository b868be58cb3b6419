/**
 * What: a line of JSON for each HTTP request and each operation over WebSocket. Where: once a gateway, where the configuration has `access_logs`.
 * A caller sees none of it. No header but `User-Agent` is written, no query, no variable.
 */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/Config.ts';
import type { Log } from '../../lib/Log.ts';
import { type LoggedOperation, useAccessLog } from '../../plugins/useAccessLog.ts';
import { clientAddress } from '../http/clientAddress.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { type AccessLog, noteOperations } from './AccessLog.ts';
import { openLines } from './openLines.ts';

type AccessLogConfig = Pick<Config, 'trusted_hops'> & { readonly access_logs: { readonly output: string } };

/** Rejects with an `IssuesError` where the file cannot be written. */
export async function openAccessLog(
  { access_logs: config, trusted_hops }: AccessLogConfig,
  log: Log,
): Promise<AccessLog> {
  const lines = await openLines(config.output, log);
  const head = (request: IncomingMessage, started: number) => ({
    time: new Date(Date.now() - (performance.now() - started)).toISOString(),
    address: clientAddress(nodeHeaders(request.headers), request.socket.remoteAddress, trusted_hops),
    path: request.url?.split('?')[0],
    user_agent: request.headers['user-agent'],
  });
  return {
    plugin: useAccessLog(),
    request(request, response) {
      const started = performance.now();
      const operations = noteOperations(request);
      // While there is a connection: afterwards it has no address.
      const known = head(request, started);
      response.once('close', () => {
        lines.write({
          ...known,
          method: request.method,
          status: response.headersSent ? response.statusCode : undefined,
          aborted: response.writableFinished ? undefined : true,
          duration_ms: since(started),
          operations: operations.length === 0 ? undefined : operations.map(toEntry),
        });
      });
    },
    operation(upgrade, operation) {
      const { started } = operation;
      lines.write({
        ...head(upgrade, started),
        protocol: 'websocket',
        duration_ms: since(started),
        operations: [toEntry(operation)],
      });
    },
    close: () => lines.close(),
  };
}

function toEntry({ name, kind, context }: LoggedOperation) {
  return { kind, name, caller: context.caller?.id };
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 1_000) / 1_000;
}
