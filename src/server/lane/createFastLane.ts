/**
 * What: the short way for a plain JSON POST, from `node:http` straight to the enveloped functions. Where: beside Yoga, same rules, same plugins.
 * A caller sees no difference: one behaviour suite runs against both.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { OpenContext } from '../../plugins/GatewayPlugin.ts';
import { operationsOf } from '../accessLog/AccessLog.ts';
import type { Answer } from '../http/Answer.ts';
import { bodyRules } from '../http/bodyRules.ts';
import { checkRequest } from '../http/checkRequest.ts';
import { corsHeaders, joinVary } from '../http/corsHeaders.ts';
import { decodeBody } from '../http/decodeBody.ts';
import { decodeParams } from '../http/decodeParams.ts';
import { encodeResult } from '../http/encodeResult.ts';
import { type JsonType, negotiate } from '../http/negotiate.ts';
import { plainBody } from '../http/plainBody.ts';
import type { RequestHead } from '../http/RequestHead.ts';
import { nodeHeaders } from '../nodeHeaders.ts';
import { attend, operationContext } from '../operationContext.ts';
import { runBatch } from '../runBatch.ts';
import type { ServerParts } from '../ServerParts.ts';
import { clientLeft } from './clientLeft.ts';
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
    const all: Record<string, string> = {};
    for (const [name, value] of extra ?? []) all[name] = value;
    Object.assign(all, encoded.headers);
    if (parts.config.cors !== false) {
      const cors = corsHeaders(parts.config.cors, headers);
      const vary = cors['vary'] === undefined ? undefined : joinVary(all['vary'], cors['vary']);
      Object.assign(all, cors, vary === undefined ? {} : { vary });
    }
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
  let left: AbortController | undefined;
  try {
    if (parts.state.stopping) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
    checkRequest(head, config);
    const { coding, limit } = bodyRules(head.headers, config);
    const sent = await readBody(request, limit);
    const body = decodeBody(coding === undefined ? sent : await plainBody(sent, coding, config.limits));
    const input = {
      headers: head.headers,
      target: request.url,
      connection: request.socket,
      operations: operationsOf(request),
      kind: 'http',
      readOnly: false,
      streams: false,
    } as const;
    if (Array.isArray(body))
      return { encoded: await runBatch(parts, body, { input: { ...input, left: clientLeft(response) }, type }) };
    const params = decodeParams(body);
    const open = operationContext(input, config);
    context = open;
    const result = await runOperation(parts, params, open, () => {
      left = clientLeft(response);
      attend(open, left);
    });
    return { encoded: encodeResult(result, type), extra: context.responseHeaders };
  } catch (error) {
    // Nobody reads what is answered then.
    const isRead = !response.destroyed || left?.signal.reason instanceof GatewayError;
    const result: ExecutionResult = isRead ? parts.toErrorResult(error) : { errors: [] };
    return { encoded: encodeResult(result, type), extra: context?.responseHeaders };
  }
}
