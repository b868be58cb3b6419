import { parse } from 'graphql';
import { GatewayError } from '../../errors/GatewayError.ts';
import type { SourceContext, SourceRequest } from '../../execute/Source.ts';
import type { ResolverContext } from '../../Resolvers.ts';
import type { CallerContext, CallMaker } from './createCallMaker.ts';
import type { ResolverPorts } from './ResolverPorts.ts';

/** Resolvers that ask the whole graph can meet themselves there. */
const MOST_NESTED = 10;
const DEPTH = Symbol('depth');
const CALLER = Symbol('caller');

type Nested = SourceContext & { readonly [DEPTH]?: number };
type Called = ResolverContext & { readonly [CALLER]: CallerContext };

/** What resolvers see as their context: the request's, and ways to ask the graph. */
export function createResolverContext(
  { context, signal }: Pick<SourceRequest, 'context' | 'signal'>,
  { ports, calls }: { readonly ports: ResolverPorts; readonly calls: CallMaker },
): ResolverContext {
  const caller: CallerContext = { context, signal };
  const depth = ((context as Nested)[DEPTH] ?? 0) + 1;
  const made: Called = {
    ...context,
    [CALLER]: caller,
    signal,
    async execute(document, variables = {}) {
      if (depth > MOST_NESTED)
        throw new GatewayError(
          'INTERNAL_SERVER_ERROR',
          `Resolvers of the gateway call each other more than ${MOST_NESTED} deep.`,
        );
      const nested: Nested = { ...context, [DEPTH]: depth };
      return ports.execute({
        document: typeof document === 'string' ? parse(document) : document,
        variables,
        context: nested,
        signal,
      });
    },
    call: (call) => calls.call(call, caller),
  };
  return made;
}

/** Of the request that a resolver's context belongs to. */
export function callerOf(context: ResolverContext): CallerContext {
  return (context as Called)[CALLER];
}
