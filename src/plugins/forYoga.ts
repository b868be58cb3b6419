import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { codes } from '../errors/codes.ts';
import { GatewayError } from '../errors/GatewayError.ts';
import type { GatewayPlugin, OpenContext, ParamsEvent } from './GatewayPlugin.ts';

interface AnswerEvent {
  readonly response?: { readonly headers: Headers } | undefined;
  readonly serverContext: Partial<OpenContext>;
}

/** A plugin of the front door for a Yoga server of somebody's own, which knows requests of the Fetch API and errors of GraphQL only. */
export function forYoga(plugin: GatewayPlugin): Plugin {
  const { onConnect: _sockets, onRecalled: _memory, onParams, ...rest } = plugin;
  const hooks = Object.entries(rest).map(([name, hook]) => [name, refusing(hook as Hook)]);
  const acting = {
    ...Object.fromEntries(hooks),
    ...(onParams === undefined ? {} : { onParams: refusing(adopting(onParams) as Hook) }),
    onResponse({ response, serverContext }: AnswerEvent) {
      serverContext.whenOver?.();
      for (const [name, value] of serverContext.responseHeaders ?? []) response?.headers.set(name, value);
    },
  };
  // The hooks have the same names; Yoga's types ask for more than is used of them.
  return acting as unknown as Plugin;
}

type Hook = (...given: unknown[]) => unknown;

/** What is thrown by a hook, or by the hooks that it returns, as an error that Yoga shows to clients. */
function refusing(hook: Hook): Hook {
  return (...given) => {
    try {
      const result = hook(...given);
      return result instanceof Promise ? result.then(withRefusals, fail) : withRefusals(result);
    } catch (error) {
      return fail(error);
    }
  };
}

function withRefusals(result: unknown): unknown {
  if (typeof result === 'function') return refusing(result as Hook);
  if (typeof result !== 'object' || result === null) return result;
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [name, typeof value === 'function' ? refusing(value) : value]),
  );
}

function fail(error: unknown): never {
  throw error instanceof GatewayError ? toYogaError(error) : error;
}

function adopting(onParams: NonNullable<GatewayPlugin['onParams']>) {
  return (event: ParamsEvent & { readonly request?: Request }) => {
    adopt(event.context, event.request);
    return onParams(event);
  };
}

/** What our own lanes put into the context, out of the request. */
function adopt(context: OpenContext, request: Request | undefined): void {
  if (context.headers !== undefined || request === undefined) return;
  const { pathname, search } = new URL(request.url);
  const { req } = context as { readonly req?: { readonly socket?: { readonly remoteAddress?: string } } };
  Object.assign(context, {
    headers: request.headers,
    target: `${pathname}${search}`,
    signal: request.signal,
    clientAddress: () => req?.socket?.remoteAddress,
  });
}

/** Yoga takes the status, too, from `extensions.http`, and hides what was another error before. */
function toYogaError(error: GatewayError) {
  const http = { status: codes[error.code].status, ...(error.extensions['http'] as object | undefined) };
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
}
