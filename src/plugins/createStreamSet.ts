import type { ExecutionResult, GraphQLError } from 'graphql';

/** All subscriptions of a gateway, so that a stop can end them. */
export interface StreamSet {
  /** The same events; `ended` is called once, when the stream is over for whatever reason. A throwing source becomes a last event with the error. */
  add(
    events: AsyncGenerator<ExecutionResult, void, void>,
    ended: () => void,
  ): AsyncGenerator<ExecutionResult, void, void>;
  /** Completes every stream, without waiting for their sources. */
  endAll(): void;
  readonly size: number;
}

type Step = IteratorResult<ExecutionResult, void>;
const DONE: Step = { done: true, value: undefined };

export function createStreamSet(toError: (error: unknown) => GraphQLError): StreamSet {
  const enders = new Set<() => void>();
  return {
    get size() {
      return enders.size;
    },
    add(events, ended) {
      // Not a generator function: its `return()` would wait for an event that may never come.
      const over = Promise.withResolvers<Step>();
      let open = true;
      const finish = () => {
        if (!open) return;
        open = false;
        enders.delete(end);
        events.return().catch(() => undefined);
        ended();
      };
      const end = () => {
        finish();
        over.resolve(DONE);
      };
      enders.add(end);
      const pull = async (): Promise<Step> => {
        try {
          const step = await events.next();
          if (step.done === true) finish();
          return open ? step : DONE;
        } catch (error) {
          if (!open) return DONE;
          finish();
          return { done: false, value: { errors: [toError(error)] } };
        }
      };
      return {
        next: () => (open ? Promise.race([over.promise, pull()]) : Promise.resolve(DONE)),
        return: () => {
          end();
          return Promise.resolve(DONE);
        },
        throw: (error) => {
          end();
          return Promise.reject(error);
        },
        [Symbol.asyncIterator]() {
          return this;
        },
        async [Symbol.asyncDispose]() {
          end();
        },
      };
    },
    endAll() {
      for (const end of [...enders]) end();
    },
  };
}
