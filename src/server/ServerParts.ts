import type { ExecutionResult } from 'graphql';
import type { Config } from '../config/Config.ts';
import type { Log } from '../lib/Log.ts';
import type { StreamSet } from '../plugins/createStreamSet.ts';
import type { AccessLog } from './accessLog/AccessLog.ts';
import type { Recall } from './lane/createRecall.ts';
import type { ConnectHook, ParamsHook } from './runParamsHooks.ts';
import type { YogaServer } from './yoga/createYogaServer.ts';

export type ServedConfig = Pick<
  Config,
  | 'path'
  | 'cors'
  | 'csrf'
  | 'limits'
  | 'graphiql'
  | 'introspection'
  | 'authorization'
  | 'expose_plan'
  | 'trusted_hops'
  | 'batching'
  | 'traffic_shaping'
  | 'shutdown_timeout'
>;

/** What the lanes of one gateway share. */
export interface ServerParts {
  readonly config: ServedConfig;
  readonly log: Log;
  readonly yoga: YogaServer;
  /** Those of all plugins, in order; Yoga runs them by itself. */
  readonly paramsHooks: readonly ParamsHook[];
  /** Set where whole answers are remembered. */
  readonly recall?: Recall | undefined;
  readonly connectHooks: readonly ConnectHook[];
  /** Set where requests are written down. */
  readonly accessLog?: AccessLog | undefined;
  readonly streams: StreamSet;
  readonly state: { stopping: boolean };
  /** Any error as the result that a client may read; logs what it masks. */
  readonly toErrorResult: (error: unknown) => ExecutionResult;
}
