/**
 * What: the composition root below configuration and registry: lanes, plugins, sockets, probes, stop. Where: once a gateway.
 * A caller sees a `Gateway` that is not listening yet.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from '@envelop/core';
import type { GraphQLError } from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import { maskError } from '../errors/maskError.ts';
import type { Log } from '../lib/Log.ts';
import { createStreamSet } from '../plugins/createStreamSet.ts';
import type { GatewayPlugin } from '../plugins/GatewayPlugin.ts';
import { gatewayPlugins } from '../plugins/gatewayPlugins.ts';
import { createHttpServer, type HttpServer } from './createHttpServer.ts';
import type { FrontDoor } from './frontDoor/openFrontDoor.ts';
import type { Gateway } from './Gateway.ts';
import { encodeResult } from './http/encodeResult.ts';
import { originForm } from './http/originForm.ts';
import { requestWithoutToldCertificate, withoutToldCertificate } from './http/withoutToldCertificate.ts';
import { createFastLane } from './lane/createFastLane.ts';
import { createRecall } from './lane/createRecall.ts';
import { isFastLane } from './lane/isFastLane.ts';
import { writeAnswer } from './lane/writeAnswer.ts';
import type { ServedConfig, ServerParts } from './ServerParts.ts';
import type { SnapshotStore } from './SnapshotStore.ts';
import type { TlsPort } from './tls/openTlsPort.ts';
import { warmUp } from './warmUp.ts';
import { createSocketServer } from './ws/createSocketServer.ts';
import { createYogaServer } from './yoga/createYogaServer.ts';
import { type ExampleQuery, useGraphiql } from './yoga/useGraphiql.ts';
import { useHttpRules } from './yoga/useHttpRules.ts';
import { type PublishedKeys, useKeySet } from './yoga/useKeySet.ts';
import { useProbes } from './yoga/useProbes.ts';

export interface AssembleOptions {
  readonly config: ServedConfig & { readonly host: string; readonly port: number };
  readonly store: SnapshotStore;
  readonly log: Log;
  readonly plugins?: readonly GatewayPlugin[] | undefined;
  readonly frontDoor?: FrontDoor | undefined;
  /** Closed with the gateway. Absent: plain HTTP. */
  readonly tls?: TlsPort | undefined;
  readonly examples?: readonly ExampleQuery[] | undefined;
  /** Told the code of each error that a client is told. */
  readonly noteError?: ((code: unknown) => void) | undefined;
  /** What else ends with the gateway. */
  readonly beside?: readonly { close(): Promise<void> }[] | undefined;
  readonly keySet?: PublishedKeys | undefined;
  /** False sends everything through Yoga; for tests. */
  readonly fastLane?: boolean | undefined;
}

const NO_TARGET = 'The target of the request, or its Host header, is not one that HTTP has.';

export function assembleGateway(options: AssembleOptions): Gateway {
  const { config, store } = options;
  const parts = createParts(options);
  const sockets = createSocketServer(parts);
  const believesProxies = config.trusted_hops > 0;
  const listener = createListener(options, parts);
  const { expected } = options.frontDoor ?? {};
  const warm = async (): Promise<void> => {
    if (expected !== undefined) await warmUp(expected(), { ...parts, current: () => store.current });
  };
  store.onSwap?.(() => {
    warm().catch((error: unknown) => parts.log.error('Registered documents cannot be planned ahead.', error));
  });
  const servers: HttpServer[] = [];
  let closed: Promise<void> | undefined;
  return {
    fetch: async (request) => parts.yoga.fetch(believesProxies ? request : requestWithoutToldCertificate(request), {}),
    listener,
    upgrade: sockets.upgrade,
    async listen({ host = config.host, port = config.port } = {}) {
      if (parts.state.stopping) throw new GatewayError('GATEWAY_STOPPING', 'The gateway is stopping.');
      await warm();
      const server = await createHttpServer({ host, port, listener, upgrade: sockets.upgrade, tls: options.tls });
      servers.push(server);
      return { url: `${server.url}${config.path}` };
    },
    get url() {
      if (servers[0] === undefined) throw new Error('The gateway has no address before "listen".');
      return `${servers[0].url}${config.path}`;
    },
    reload: (reason) => store.reload(reason),
    status: () => statusOf(options),
    close() {
      closed ??= stop();
      return closed;
    },
  };

  async function stop(): Promise<void> {
    parts.state.stopping = true;
    const closing = servers.map((server) => server.close(config.shutdown_timeout));
    // Sockets first: a subscription that ended before its socket would look complete to the client.
    const socketsClosed = sockets.close(config.shutdown_timeout);
    parts.streams.endAll();
    await Promise.all([socketsClosed, ...closing]);
    await store.close();
    await options.frontDoor?.close();
    await Promise.all((options.beside ?? []).map((one) => one.close()));
    options.tls?.[Symbol.dispose]();
    await parts.yoga.dispose();
  }
}

/** Every request of `node:http`: to the fast lane, or to Yoga. */
function createListener(
  { config, fastLane: withFastLane }: AssembleOptions,
  parts: ServerParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  const fastLane = createFastLane(parts);
  return (request, response) => {
    parts.accessLog?.request(request, response);
    if (config.trusted_hops === 0) withoutToldCertificate(request.headers);
    const target = originForm(request.url, request.headers.host);
    if (target === undefined) {
      writeAnswer(
        response,
        encodeResult(parts.toErrorResult(new GatewayError('BAD_REQUEST', NO_TARGET)), 'application/json'),
      );
      return;
    }
    request.url = target;
    const work =
      withFastLane !== false && isFastLane(request, config.path)
        ? fastLane(request, response)
        : parts.yoga(request, response, {});
    Promise.resolve(work).catch((error: unknown) => {
      parts.log.error('A request failed outside of every handler.', error);
      response.destroy();
    });
  };
}

function createParts({ config, store, log, frontDoor, noteError, keySet, ...options }: AssembleOptions): ServerParts {
  const { plugins = [], examples = [] } = options;
  const told = new WeakSet<GraphQLError>();
  const mask = (error: unknown): GraphQLError => {
    const masked = maskError(error, (original) => log.error('A fault was hidden from the client:', original));
    // Yoga masks what plugins have masked before.
    if (noteError !== undefined && !told.has(masked)) noteError(masked.extensions['code']);
    told.add(masked);
    return masked;
  };
  const state = { stopping: false };
  const streams = createStreamSet(mask);
  const shared = { config, log, streams, state, toErrorResult: (error: unknown) => ({ errors: [mask(error)] }) };
  const probes = {
    isServing: () => store.current !== undefined,
    isStopping: () => state.stopping,
    status: () => statusOf({ store, frontDoor }),
  };
  const current = () => store.current;
  const envelop = gatewayPlugins({
    limits: config.limits,
    introspection: config.introspection,
    timeout: config.traffic_shaping.router.timeout,
    hidesNames: config.authorization?.introspection === 'allowed',
    streams,
    current,
    frontDoor: frontDoor?.plugins,
    plugins,
  });
  const http = [
    useProbes(probes),
    ...(keySet === undefined ? [] : [useKeySet(keySet)]),
    ...(config.graphiql ? [useGraphiql({ path: config.path, examples })] : []),
    useHttpRules(config, () => parts),
  ];
  const parts: ServerParts = {
    ...shared,
    paramsHooks: envelop.flatMap(({ onParams }) => onParams ?? []),
    recall: frontDoor?.cache?.memory && createRecall({ frontDoor: frontDoor.plugins, plugins, current }),
    accessLog: frontDoor?.accessLog,
    connectHooks: envelop.flatMap(({ onConnect }) => onConnect ?? []),
    yoga: createYogaServer({ path: config.path, plugins: [...http, ...envelop] as Plugin[], mask }),
  };
  return parts;
}

/** What stands at the front door tells of itself beside the subgraphs. */
function statusOf({ store, frontDoor }: Pick<AssembleOptions, 'store' | 'frontDoor'>): unknown {
  const status = store.status();
  const own = frontDoor?.status?.();
  return own === undefined || typeof status !== 'object' ? status : { ...status, ...own };
}
