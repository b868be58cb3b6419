import type { ExecutionResult } from 'graphql';
import type { FetchAPI } from 'graphql-yoga';
import type { StreamType } from '../http/negotiate.ts';
import { toPublicResult } from '../http/toPublicResult.ts';

interface Encoding {
  readonly contentType: string;
  readonly start: string;
  readonly heartbeat: string;
  readonly end: string;
  event(result: ExecutionResult): string;
}

/** Milliseconds between signs of life; proxies cut connections that are silent for long. */
const HEARTBEAT = 12_000;

/** Incremental delivery over HTTP: a part a result. */
const mixed: Encoding = {
  contentType: 'multipart/mixed; boundary="-"',
  start: '---',
  heartbeat: '',
  end: '--\r\n',
  event: (result) =>
    `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(toPublicResult(result))}\r\n---`,
};

const encodings: Readonly<Record<StreamType, Encoding>> = {
  // "Distinct connections mode" of the GraphQL over SSE protocol.
  sse: {
    contentType: 'text/event-stream; charset=utf-8',
    start: ':\n\n',
    heartbeat: ':\n\n',
    end: 'event: complete\ndata:\n\n',
    event: (result) => `event: next\ndata: ${JSON.stringify(toPublicResult(result))}\n\n`,
  },
  // Apollo's multipart subscription protocol: results are wrapped in `payload`, an empty object is a heartbeat.
  subscription: {
    contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
    start: '--graphql',
    heartbeat: '\r\nContent-Type: application/json\r\n\r\n{}\r\n--graphql',
    end: '--\r\n',
    event: (result) =>
      `\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ payload: toPublicResult(result) })}\r\n--graphql`,
  },
  mixed,
  deferred: { ...mixed, contentType: `${mixed.contentType}; deferSpec=20220824` },
};

/** Results as they come, in one open answer. The client's leaving ends the results. */
export function encodeStream(result: unknown, type: StreamType, fetchAPI: FetchAPI): Response {
  const encoding = encodings[type];
  const results = isIterable(result) ? result[Symbol.asyncIterator]() : single(result as ExecutionResult);
  const encoder = new fetchAPI.TextEncoder();
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new fetchAPI.ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(encoding.start));
      if (encoding.heartbeat === '') return;
      timer = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(encoding.heartbeat));
      }, HEARTBEAT);
    },
    async pull(controller) {
      const step = await results.next();
      if (step.done !== true) {
        controller.enqueue(encoder.encode(encoding.event(step.value)));
        return;
      }
      clearInterval(timer);
      controller.enqueue(encoder.encode(encoding.end));
      controller.close();
    },
    async cancel() {
      clearInterval(timer);
      await results.return?.();
    },
  });
  return new fetchAPI.Response(body, {
    status: 200,
    headers: { 'content-type': encoding.contentType, 'cache-control': 'no-cache' },
  });
}

function isIterable(value: unknown): value is AsyncIterable<ExecutionResult> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* single(result: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  yield result;
}
