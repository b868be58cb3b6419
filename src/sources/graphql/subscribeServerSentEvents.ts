import { GatewayError } from '../../errors/GatewayError.ts';
import type { HttpClient, HttpRequest } from '../../upstream/HttpClient.ts';
import { unreachable } from '../../upstream/toUpstreamError.ts';
import { createEventStreamParser } from './createEventStreamParser.ts';
import type { SubscriptionSink, UpstreamSubscription } from './openSubscription.ts';
import { parseJson, readGraphqlAnswer } from './readGraphqlAnswer.ts';
import { toSourceResult } from './toSourceResult.ts';

/** Bytes of an answer that is not an event stream. */
const maxAnswerSize = 1024 * 1024;

/** One subscription over GraphQL over Server-Sent Events, "distinct connections mode". `request` is the POST that asks for it. */
export function subscribeServerSentEvents(
  http: HttpClient,
  request: HttpRequest,
  sink: SubscriptionSink,
): UpstreamSubscription {
  const controller = new AbortController();
  let wake: (() => void) | undefined;
  const room = async (): Promise<void> => {
    if (sink.isFull()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  relayEvents({ http, request: { ...request, signal: controller.signal }, sink, room }).then(
    () => sink.end(),
    (error: unknown) => sink.end({ error }),
  );
  return {
    resume: () => wake?.(),
    stop() {
      controller.abort();
      wake?.();
    },
  };
}

interface Relay {
  readonly http: HttpClient;
  readonly request: HttpRequest;
  readonly sink: SubscriptionSink;
  /** Resolves when the reader has room for more. */
  readonly room: () => Promise<void>;
}

async function relayEvents({ http, request, sink, room }: Relay): Promise<void> {
  const { subgraph } = request;
  const answer = await http.stream(request);
  if (!String(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
    // Refused before it began: an ordinary GraphQL answer with errors, or no GraphQL at all.
    sink.push(readGraphqlAnswer(subgraph, answer.status, await readAll(subgraph, answer.body)));
    return;
  }
  const parse = createEventStreamParser();
  for await (const chunk of answer.body) {
    for (const { event, data } of parseChunk(subgraph, parse, chunk)) {
      if (event === 'complete') {
        return;
      }
      if (event === 'next') {
        sink.push(toSourceResult(subgraph, parseJson(subgraph, data)));
      }
    }
    await room();
  }
  throw unreachable(subgraph, 'it ended the event stream before the subscription was complete');
}

function parseChunk(subgraph: string, parse: ReturnType<typeof createEventStreamParser>, chunk: Buffer) {
  try {
    return parse(chunk);
  } catch (cause) {
    throw new GatewayError('SUBGRAPH_INVALID_RESPONSE', `Subgraph "${subgraph}" sent an event that is too large.`, {
      subgraph,
      cause,
    });
  }
}

async function readAll(subgraph: string, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxAnswerSize) {
      throw new GatewayError(
        'SUBGRAPH_INVALID_RESPONSE',
        `Subgraph "${subgraph}" answered a subscription with something else.`,
        { subgraph },
      );
    }
  }
  return Buffer.concat(chunks).toString();
}
