import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { codes } from '../errors/codes.ts';
import { GatewayError } from '../errors/GatewayError.ts';
import type { GatewayPlugin, OpenContext } from './GatewayPlugin.ts';

/** A plugin of the front door for a Yoga server of somebody's own, which knows requests of the Fetch API and errors of GraphQL only. */
export function forYoga(plugin: GatewayPlugin): Plugin {
  const { onParams, onConnect: _sockets, ...rest } = plugin;
  if (onParams === undefined) return rest as unknown as Plugin;
  const acting: GatewayPlugin = {
    ...rest,
    async onParams(event) {
      adopt(event.context, (event as { readonly request?: Request }).request);
      try {
        await onParams(event);
      } catch (error) {
        throw error instanceof GatewayError ? toYogaError(error) : error;
      }
    },
  };
  // The hooks have the same names; Yoga's types ask for more than is used of them.
  return acting as unknown as Plugin;
}

/** What our own lanes put into the context, out of the request. */
function adopt(context: OpenContext, request: Request | undefined): void {
  if (context.headers !== undefined || request === undefined) return;
  const { pathname, search } = new URL(request.url);
  Object.assign(context, { headers: request.headers, target: `${pathname}${search}`, signal: request.signal });
}

/** Yoga takes the status, too, from `extensions.http`, and hides what was another error before. */
function toYogaError(error: GatewayError) {
  const http = { status: codes[error.code].status, ...(error.extensions['http'] as object | undefined) };
  return new GraphQLError(error.message, { extensions: { ...error.extensions, http } });
}
