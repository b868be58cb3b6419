/**
 * What: the short way for a plain JSON POST, from `node:http` straight to the enveloped functions. Where: beside Yoga, same rules, same plugins.
 * A caller sees no difference: one behaviour suite runs against both.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import type { Answer } from '../http/Answer.ts';
import { checkRequest } from '../http/checkRequest.ts';
import { corsHeaders, joinVary } from '../http/corsHeaders.ts';
import { decodeBody } from '../http/decodeBody.ts';
import { decodeParams } from '../http/decodeParams.ts';
import { encodeResult } from '../http/encodeResult.ts';
import { type JsonType, negotiate } from '../http/negotiate.ts';
import type { RequestHead } from '../http/RequestHead.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { operationContext } from '../operationContext.ts';
import { runBatch } from '../runBatch.ts';
import type { ServerParts } from '../ServerParts.ts';
import { readBody } from './readBody.ts';
import { runOperation } from './runOperation.ts';
import { writeAnswer } from './writeAnswer.ts';

export function createFastLane(
  parts: ServerParts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const headers = nodeHeaders(request.headers);
    const type = negotiate(headers.get('accept')).json ?? 'application/json';
    const { encoded, extra } = await answer(parts, { head: { method: 'POST', headers }, type }, request, response);
    const named = extra === undefined ? undefined : Object.fromEntries(extra);
    const cors = corsHeaders(parts.config.cors, headers);
    const all = { ...named, ...encoded.headers, ...cors };
    if (named?.['vary'] !== undefined && cors['vary'] !== undefined)
      all['vary'] = joinVary(named['vary'], cors['vary']);
    writeAnswer(response, { ...encoded, headers: all });
  };
}

interface Answered {
  readonly encoded: Answer;
  /** Headers that plugins have set. */
  readonly extra?: ReadonlyMap<string, string> | undefined;
}

async function answer(
  parts: ServerParts,
  { head, type }: { readonly head: RequestHead; readonly type: JsonType },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answered> {
  const { config } = parts;
  let context: OpenContext | undefined;
  const left = new AbortController();
  response.once('close', () => {
    // Every answer ends so; an abort makes an error with a stack.
    if (!response.writableFinished) left.abort();
  });
  try {
    if (parts.state.stopping) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
    checkRequest(head, config);
    const body = decodeBody(await readBody(request, config.limits.max_request_body_size));
    const input = {
      headers: head.headers,
      target: request.url,
      connection: request.socket,
      left,
      kind: 'http',
      readOnly: false,
      streams: false,
    } as const;
    if (Array.isArray(body)) return { encoded: await runBatch(parts, body, { input, type }) };
    const params = decodeParams(body);
    context = operationContext(input, config);
    const result = await runOperation(parts, params, context);
    return { encoded: encodeResult(result, type), extra: context.responseHeaders };
  } catch (error) {
    // Nobody reads what is answered then.
    const isRead = !left.signal.aborted || left.signal.reason instanceof GatewayError;
    const result: ExecutionResult = isRead ? parts.toErrorResult(error) : { errors: [] };
    return { encoded: encodeResult(result, type), extra: context?.responseHeaders };
  }
}
