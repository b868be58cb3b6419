/**
 * What: the rules of src/server/http inside Yoga. Where: before Yoga reads a request, and where it encodes a result.
 * A caller sees what the fast lane would have answered, and streams.
 */
import type { ExecutionResult } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import type { Transport } from '../../plugins/TransportContext.ts';
import { releaseSnapshot } from '../../plugins/useSnapshot.ts';
import { operationsOf } from '../accessLog/AccessLog.ts';
import { bodyRules } from '../http/bodyRules.ts';
import { checkRequest } from '../http/checkRequest.ts';
import { corsHeaders, joinVary, preflightHeaders } from '../http/corsHeaders.ts';
import { decodeBody } from '../http/decodeBody.ts';
import { decodeParams } from '../http/decodeParams.ts';
import { decodeQueryString } from '../http/decodeQueryString.ts';
import { encodeResult } from '../http/encodeResult.ts';
import { negotiate, type StreamType } from '../http/negotiate.ts';
import { plainBody } from '../http/plainBody.ts';
import { withEntityTag } from '../http/withEntityTag.ts';
import { type Connection, operationContext } from '../operationContext.ts';
import { runBatch } from '../runBatch.ts';
import type { ServedConfig, ServerParts } from '../ServerParts.ts';
import { encodeStream } from './encodeStream.ts';
import { readRequestBody } from './readRequestBody.ts';

/** Apollo's subscription protocol wraps what it carries, and has no parts. */
const INCREMENTAL: Readonly<Record<StreamType, Transport['incremental']>> = {
  sse: 'current',
  mixed: 'current',
  deferred: 'legacy',
  subscription: undefined,
};

/** `parts` is read when a request is there: it has the very server that this plugin is of. */
export function useHttpRules(config: ServedConfig, parts: () => ServerParts): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== config.path) {
        endResponse(
          new fetchAPI.Response('Not found.\n', {
            status: 404,
            headers: { 'content-type': 'text/plain; charset=utf-8' },
          }),
        );
      } else if (request.method === 'OPTIONS') {
        endResponse(
          new fetchAPI.Response(null, {
            status: 204,
            headers: { allow: 'GET, POST', ...preflightHeaders(config.cors, request.headers) },
          }),
        );
      }
    },
    onRequestParse({ request, url, serverContext, setRequestParser, fetchAPI }) {
      if (parts().state.stopping) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
      checkRequest(request, config);
      const { json, stream } = negotiate(request.headers.get('accept'));
      if (json === undefined && stream === undefined) {
        throw new GatewayError('NOT_ACCEPTABLE', 'Accept "application/graphql-response+json" or "application/json".');
      }
      const readOnly = request.method === 'GET';
      const input = {
        headers: request.headers,
        target: `${url.pathname}${url.search}`,
        connection: connectionOf(serverContext),
        operations: operationsOf((serverContext as { readonly req?: object }).req),
        left: linked(request.signal),
        kind: 'http',
        readOnly,
        streams: stream !== undefined,
        incremental: stream === undefined ? undefined : INCREMENTAL[stream],
      } as const;
      Object.assign(serverContext, operationContext(input, config));
      setRequestParser(async () => {
        if (readOnly) return decodeQueryString(url.searchParams) as GraphQLParams;
        const { coding, limit } = bodyRules(request.headers, config);
        const sent = await readRequestBody(request, limit);
        const body = decodeBody(coding === undefined ? sent : await plainBody(sent, coding, config.limits));
        if (!Array.isArray(body)) return decodeParams(body) as GraphQLParams;
        if (json === undefined)
          throw new GatewayError('NOT_ACCEPTABLE', 'A batch is answered in JSON; accept "application/json".');
        const single = { ...input, streams: false, incremental: undefined };
        const answer = await runBatch(parts(), body, { input: single, type: json });
        return new fetchAPI.Response(answer.body as BodyInit, { status: answer.status, headers: answer.headers });
      });
    },
    onResultProcess({ request, serverContext, setResultProcessor }) {
      const { json, stream } = negotiate(request.headers.get('accept'));
      setResultProcessor((result, fetchAPI) => {
        if (stream !== undefined && Symbol.asyncIterator in result) return encodeStream(result, stream, fetchAPI);
        const { responseHeaders } = serverContext as Partial<OpenContext>;
        const encoded = encodeResult(result as ExecutionResult, json ?? 'application/json');
        const answer = withEntityTag(encoded, request, responseHeaders);
        // A client that reads streams only gets its result as one; what is wrong with the HTTP request itself keeps its status.
        if (stream !== undefined && json === undefined && answer.status === 200)
          return encodeStream(result, stream, fetchAPI);
        const body = answer.status === 304 ? null : (answer.body as BodyInit);
        return new fetchAPI.Response(body, { status: answer.status, headers: answer.headers });
      }, 'application/json');
    },
    onResponse({ request, response, serverContext }) {
      releaseSnapshot(serverContext);
      for (const [name, value] of (serverContext as Partial<OpenContext>).responseHeaders ?? [])
        if (!response.headers.has(name)) response.headers.set(name, value);
      for (const [name, value] of Object.entries(corsHeaders(config.cors, request.headers)))
        response.headers.set(name, name === 'vary' ? joinVary(response.headers.get(name), value) : value);
    },
  };
}

/** Under `node:http` Yoga puts Node's own request into the context; a request of the Fetch API has no connection. */
function connectionOf(context: object): Connection | undefined {
  return (context as { readonly req?: { readonly socket?: Connection } }).req?.socket;
}

/** A controller that is aborted with this signal, and by itself. */
function linked(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller;
}
