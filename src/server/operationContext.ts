import type { HeaderReader } from '../execute/Source.ts';
import type { Transport, TransportContext } from '../plugins/TransportContext.ts';

export interface OperationContextInput {
  readonly headers: HeaderReader;
  readonly signal: AbortSignal;
  readonly kind: 'http' | 'ws';
  readonly readOnly: boolean;
  readonly streams: boolean;
  readonly incremental?: Transport['incremental'];
}

/** The context that every lane starts an operation with. A client asks for the plan with the header `weft-plan: 1`. */
export function operationContext(input: OperationContextInput, exposePlan: boolean): TransportContext {
  return {
    headers: input.headers,
    signal: input.signal,
    exposePlan: exposePlan && input.headers.get('weft-plan') === '1',
    transport: {
      kind: input.kind,
      readOnly: input.readOnly,
      streams: input.streams,
      incremental: input.incremental,
    },
  };
}
