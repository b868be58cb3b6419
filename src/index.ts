/** Weft as a library: a gateway inside another program. Everything that is public is here. */
import './requireNode.ts';

export type { Plugin } from '@envelop/core';
export type { Config } from './config/Config.ts';
export { defineConfig } from './config/defineConfig.ts';
export type { ConfigInput } from './config/schema/configSchema.ts';
export type { GatewayContext } from './context.ts';
export { codes, type ErrorCode } from './errors/codes.ts';
export { GatewayError, type GatewayErrorOptions } from './errors/GatewayError.ts';
export { type Issue, IssuesError } from './errors/Issue.ts';
export type {
  Caller,
  Freshness,
  HeaderReader,
  ReplyCaching,
  Source,
  SourceContext,
  SourceError,
  SourceOperation,
  SourceRequest,
  SourceResult,
} from './execute/Source.ts';
export type { Log } from './lib/Log.ts';
export type { PolicyCheck, PolicyCheckInput } from './plugins/authorization/createDecidePolicies.ts';
export type { ConnectEvent, GatewayPlugin, OperationParams, ParamsEvent } from './plugins/GatewayPlugin.ts';
export type { FieldResolver, Resolve, ResolverContext, Resolvers, SubgraphCall, TypeResolvers } from './Resolvers.ts';
export { createGateway } from './server/createGateway.ts';
export type { Gateway, ListenOptions } from './server/Gateway.ts';
export type { GatewayOptions } from './server/GatewayOptions.ts';
export { PortTakenError } from './server/PortTakenError.ts';
export type { ExampleQuery } from './server/yoga/useGraphiql.ts';
