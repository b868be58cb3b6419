import { StringDecoder } from 'node:string_decoder';
import type { Dispatcher } from 'undici';
import { GatewayError } from '../errors/GatewayError.ts';
import type { HttpAnswer, HttpRequest } from './HttpClient.ts';
import { startDeadline } from './startDeadline.ts';
import { type Exchange, startExchange } from './startExchange.ts';
import { timedOut, toUpstreamError } from './toUpstreamError.ts';
import type { UpstreamPool } from './UpstreamPool.ts';
import { waitInLine } from './waitInLine.ts';

/** One request to its whole answer: queue, deadline, size limit, and the one retry on a fresh connection. */
export function collectAnswer(pool: UpstreamPool, request: HttpRequest, maxAnswerSize: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request.signal?.throwIfAborted();
    const line = waitInLine(pool, request.subgraph);
    let exchange: Exchange | undefined;
    let retried: Dispatcher | undefined;
    const stopDeadline = startDeadline(request.timeout, request.signal, (aborted) => {
      finish();
      exchange?.abort();
      reject(aborted === undefined ? timedOut(request.subgraph, request.timeout) : aborted.reason);
    });
    const finish = (): void => {
      stopDeadline();
      line.leave();
      retried?.close().catch(() => undefined);
    };
    const attempt = (dispatcher: Dispatcher): void => {
      let status = 0;
      let headers: HttpAnswer['headers'] = {};
      let size = 0;
      const chunks: Buffer[] = [];
      exchange = startExchange(dispatcher, request, {
        onSent: line.leave,
        onHeaders(arrivedStatus, arrivedHeaders) {
          status = arrivedStatus;
          headers = arrivedHeaders;
        },
        onData(chunk) {
          size += chunk.length;
          chunks.push(chunk);
          if (size > maxAnswerSize) {
            finish();
            exchange?.abort();
            reject(tooLarge(request.subgraph, maxAnswerSize));
          }
        },
        onEnd() {
          finish();
          resolve({ status, headers, body: toText(chunks) });
        },
        onFailure(error, answered) {
          if (request.idempotent === true && !answered && retried === undefined && isBrokenConnection(error)) {
            retried = pool.freshConnection();
            attempt(retried);
            return;
          }
          finish();
          reject(toUpstreamError(request.subgraph, error));
        },
      });
    };
    attempt(pool.dispatcher);
  });
}

/** A connection that was there and broke; refused ones would only be refused again. */
function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** Chunk by chunk, and not out of one buffer: that would be a second copy of the bytes. */
function toText(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first.toString();
  const decoder = new StringDecoder();
  return chunks.map((chunk) => decoder.write(chunk)).join('') + decoder.end();
}

function tooLarge(subgraph: string, limit: number): GatewayError {
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${subgraph}" sent an answer of more than ${limit} bytes.`,
    { subgraph },
  );
}
