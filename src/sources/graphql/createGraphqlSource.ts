/**
 * A GraphQL subgraph over HTTP. Acts where the executor fetches from it or subscribes to it.
 * A caller sees the backend's data and errors as they came, or a `GatewayError` where there was no GraphQL answer.
 */
import type { HeaderRules } from '../../config/Config.ts';
import type { Source, SourceRequest } from '../../execute/Source.ts';
import type { SourceDefinition } from '../../supergraph/Subgraph.ts';
import type { HttpClient, HttpRequest } from '../../upstream/HttpClient.ts';
import { unreachable } from '../../upstream/toUpstreamError.ts';
import type { Flights } from '../createFlights.ts';
import { deferStart } from '../credentials/deferStart.ts';
import type { SubgraphCredentials } from '../credentials/SubgraphCredentials.ts';
import { forwardHeaders } from '../forwardHeaders.ts';
import { readReplyCaching } from '../readReplyCaching.ts';
import { visibleHeaders } from '../visibleHeaders.ts';
import { openSubscription } from './openSubscription.ts';
import { printRequestBody } from './printRequestBody.ts';
import { readGraphqlAnswer } from './readGraphqlAnswer.ts';
import { subscribeServerSentEvents } from './subscribeServerSentEvents.ts';
import { type KeepAlive, subscribeWebSocket } from './subscribeWebSocket.ts';

export interface GraphqlSourceOptions {
  readonly name: string;
  /** Endpoint for queries and mutations. */
  readonly url: string;
  readonly subscriptions?: Extract<SourceDefinition, { kind: 'graphql' }>['subscriptions'];
  readonly headers: HeaderRules;
  readonly credentials?: SubgraphCredentials | undefined;
  /** Milliseconds for one call; for a subscription until it is established. */
  readonly timeout: number;
  /** Connections to the origin at most; default: the client's. */
  readonly connections?: number | undefined;
  readonly http: HttpClient;
  /** Where equal queries meet; absent where each is sent by itself. */
  readonly flights?: Flights | undefined;
  /** Whether an entity that it has given in a query is not asked for again in it; default true. */
  readonly reusesEntities?: boolean | undefined;
  /** Of WebSockets; default: a ping after 15 seconds, 10 seconds for the pong. */
  readonly keepAlive?: KeepAlive | undefined;
}

/** Makes the source of a GraphQL subgraph. It has `subscribe` where `subscriptions` says how. Its `close` ends open subscriptions; the HTTP client stays. */
export function createGraphqlSource(options: GraphqlSourceOptions): Source {
  const { name, url, timeout, http, connections, credentials, subscriptions, flights, reusesEntities = true } = options;
  const own = {
    accept: 'application/graphql-response+json, application/json',
    'content-type': 'application/json',
  };
  const toHeaders = forwardHeaders(options.headers, own, credentials?.names);
  const visible = visibleHeaders(toHeaders, credentials?.identify);
  const source: Source = {
    name,
    visible,
    reusesEntities,
    async fetch(request) {
      const headers = toHeaders(request.context);
      const body = printRequestBody(request, credentials?.signOperation);
      const identity = credentials?.identify?.(request.context);
      const idempotent = request.operation.kind === 'query';
      const send = async (signal: AbortSignal | undefined) => {
        const call = {
          subgraph: name,
          url,
          method: 'POST',
          headers,
          body,
          timeout,
          connections,
          signal,
          idempotent,
          credentials,
          identity,
        } as const;
        const answer = await http.request(call);
        const result = readGraphqlAnswer(name, answer.status, answer.body);
        const caching = readReplyCaching(answer.headers);
        return caching === undefined ? result : { ...result, caching: [caching] };
      };
      if (flights === undefined || !idempotent) return send(request.signal);
      let isShared = true;
      const sendFirst = (signal: AbortSignal) => {
        isShared = false;
        return send(signal);
      };
      const result = await flights.join(`${url}\n${visible(request.context)}\n${body}`, sendFirst, request.signal);
      return isShared ? { ...result, isShared } : result;
    },
  };
  return subscriptions === undefined ? source : { ...source, ...withSubscriptions(options, subscriptions) };
}

type Subscriptions = NonNullable<GraphqlSourceOptions['subscriptions']>;

function withSubscriptions(
  options: GraphqlSourceOptions,
  subscriptions: Subscriptions,
): Required<Pick<Source, 'subscribe' | 'close'>> {
  const open = new Set<(error: unknown) => void>();
  const start =
    subscriptions.protocol === 'ws' ? startWebSocket(options, subscriptions) : startEvents(options, subscriptions);
  return {
    subscribe: (request) => openSubscription({ signal: request.signal, open, start: (sink) => start(request, sink) }),
    close() {
      for (const end of [...open]) {
        end(unreachable(options.name, 'the gateway has closed its connections'));
      }
      return Promise.resolve();
    },
  };
}

type Start = (
  request: SourceRequest,
  sink: Parameters<typeof subscribeWebSocket>[2],
) => ReturnType<typeof subscribeWebSocket>;

function startWebSocket(options: GraphqlSourceOptions, subscriptions: Subscriptions): Start {
  const { credentials } = options;
  const toHeaders = forwardHeaders(options.headers, {}, credentials?.names);
  const target = {
    subgraph: options.name,
    url: (subscriptions.url ?? options.url).replace(/^http/i, 'ws'),
    timeout: options.timeout,
    keepAlive: options.keepAlive ?? { interval: 15_000, timeout: 10_000 },
    tls: credentials?.tls,
    signOperation: credentials?.signOperation,
  };
  if (credentials === undefined)
    return (request, sink) => {
      const headers = toHeaders(request.context);
      return subscribeWebSocket({ ...target, headers, initHeaders: headers }, request, sink);
    };
  return (request, sink) => {
    const headers = toHeaders(request.context);
    const identity = credentials.identify?.(request.context);
    // The handshake is a request of HTTP, and signed as one.
    const handshake = target.url.replace(/^ws/i, 'http');
    const upgrade = { subgraph: options.name, method: 'GET', url: handshake, headers, identity };
    return deferStart(sink, async () => {
      // Signatures are of the handshake alone; tokens may be looked for in either place.
      const [shown, tokens] = await Promise.all([credentials.headersOf(upgrade), credentials.tokensOf(identity)]);
      const ready = { ...target, headers: { ...headers, ...shown }, initHeaders: { ...headers, ...tokens } };
      const onRefused = (): void => void credentials.renew(shown);
      return () => subscribeWebSocket({ ...ready, onRefused }, request, sink);
    });
  };
}

function startEvents(options: GraphqlSourceOptions, subscriptions: Subscriptions): Start {
  const { credentials } = options;
  const own = { accept: 'text/event-stream', 'content-type': 'application/json' };
  const toHeaders = forwardHeaders(options.headers, own, credentials?.names);
  return (request, sink) => {
    const post: HttpRequest = {
      subgraph: options.name,
      url: subscriptions.url ?? options.url,
      method: 'POST',
      headers: toHeaders(request.context),
      body: printRequestBody(request, credentials?.signOperation),
      timeout: options.timeout,
      connections: options.connections,
      credentials,
      identity: credentials?.identify?.(request.context),
    };
    return subscribeServerSentEvents(options.http, post, sink);
  };
}
