import { createQueue } from './createQueue.ts';
import type { HttpRequest, HttpStream } from './HttpClient.ts';
import { startDeadline } from './startDeadline.ts';
import { type Exchange, startExchange } from './startExchange.ts';
import { timedOut, toUpstreamError } from './toUpstreamError.ts';
import type { UpstreamPool } from './UpstreamPool.ts';
import { waitInLine } from './waitInLine.ts';

/** Bytes that may wait for the reader before the connection is paused. */
const highWaterMark = 256 * 1024;

/** One request whose answer is read as it arrives. The timeout ends with the headers; the signal holds to the end. */
export function openStream(pool: UpstreamPool, request: HttpRequest): Promise<HttpStream> {
  const { signal, subgraph } = request;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const line = waitInLine(pool, subgraph);
    let exchange: Exchange | undefined;
    const finish = (): void => {
      stopDeadline();
      line.leave();
      signal?.removeEventListener('abort', onAbort);
    };
    const giveUp = (): void => {
      finish();
      exchange?.abort();
    };
    const body = createQueue<Buffer>({
      sizeOf: (chunk) => chunk.length,
      onEmpty: () => exchange?.resume(),
      onLeave: giveUp,
    });
    const onAbort = (): void => {
      giveUp();
      body.end({ error: signal?.reason });
    };
    const stopDeadline = startDeadline(request.timeout, signal, (aborted) => {
      giveUp();
      reject(aborted === undefined ? timedOut(subgraph, request.timeout) : aborted.reason);
    });
    exchange = startExchange(pool.dispatcher, request, {
      onSent: line.leave,
      onHeaders(status, headers) {
        stopDeadline();
        signal?.addEventListener('abort', onAbort);
        resolve({ status, headers, body: body.iterator });
      },
      onData(chunk) {
        body.push(chunk);
        if (body.size > highWaterMark) {
          exchange?.pause();
        }
      },
      onEnd() {
        finish();
        body.end();
      },
      onFailure(error) {
        finish();
        const failure = toUpstreamError(subgraph, error);
        body.end({ error: failure });
        reject(failure);
      },
    });
  });
}
