import type { Dispatcher } from 'undici';
import { endpointOf } from './endpointOf.ts';
import type { HttpAnswer, HttpRequest } from './HttpClient.ts';

/** What happens to one request on the wire. After `onEnd`, `onFailure` or an `abort` nothing more is called. */
export interface ExchangeObserver {
  /** It has left the queue: a connection is about to carry it. */
  onSent(): void;
  onHeaders(status: number, headers: HttpAnswer['headers']): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** `answered`: whether the status line had arrived. */
  onFailure(error: unknown, answered: boolean): void;
}

export interface Exchange {
  /** Gives up: closes the connection that carries the request, or drops it from the queue. */
  abort(): void;
  pause(): void;
  resume(): void;
}

const aborted = new Error('aborted');

/** Dispatches one request on undici's lowest layer, which costs half of its promise API. */
export function startExchange(dispatcher: Dispatcher, request: HttpRequest, observer: ExchangeObserver): Exchange {
  let controller: Dispatcher.DispatchController | undefined;
  let done = false;
  let answered = false;
  const fail = (error: unknown): void => {
    if (done) {
      return;
    }
    done = true;
    observer.onFailure(error, answered);
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      if (done) {
        // Thrown, not aborted: the request was given up in the queue, and an abort would close a healthy connection.
        throw aborted;
      }
      controller = started;
      observer.onSent();
    },
    onResponseStart(_controller, status, headers) {
      // Interim answers (100, 103) come here too.
      if (!done && status >= 200) {
        answered = true;
        observer.onHeaders(status, headers);
      }
    },
    onResponseData(_controller, chunk) {
      if (!done) {
        observer.onData(chunk);
      }
    },
    onResponseEnd() {
      if (!done) {
        done = true;
        observer.onEnd();
      }
    },
    onResponseError(_controller, error) {
      fail(error);
    },
  };
  try {
    dispatcher.dispatch(dispatchOptions(request), handler);
  } catch (error) {
    fail(error);
  }
  return {
    abort() {
      if (!done) {
        done = true;
        controller?.abort(aborted);
      }
    },
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
  };
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  const { origin, path, authorization } = endpointOf(request);
  const { method, headers, body = null } = request;
  const isSaid = authorization === undefined || headers['authorization'] !== undefined;
  return { origin, path, method, headers: isSaid ? headers : { ...headers, authorization }, body };
}
