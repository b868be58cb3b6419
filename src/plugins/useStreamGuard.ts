/**
 * What: refuses a subscription whose client reads no stream. Where: before subscribe, so that no backend is asked.
 * A caller sees NOT_ACCEPTABLE with the media types that would do.
 */
import type { Plugin } from '@envelop/core';
import { GatewayError } from '../errors/GatewayError.ts';
import { toGraphQLError } from '../errors/toGraphQLError.ts';
import type { TransportContext } from './TransportContext.ts';

export function useStreamGuard(): Plugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      if ((args.contextValue as TransportContext).transport?.streams !== false) return;
      const message =
        'A subscription needs "Accept: text/event-stream", "Accept: multipart/mixed; subscriptionSpec=1.0", or a WebSocket with graphql-transport-ws.';
      setResultAndStopExecution({ errors: [toGraphQLError(new GatewayError('NOT_ACCEPTABLE', message))] });
    },
  };
}
