/**
 * A gRPC service as a source. Acts where the executor fetches from it or subscribes to it; GraphQL is executed here, each root field is one rpc.
 * A caller sees NOT_FOUND of a read as null and every other status as an error at the root field.
 */
import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import type { HeaderRules } from '../../config/Config.ts';
import { GatewayError } from '../../errors/GatewayError.ts';
import { IssuesError } from '../../errors/Issue.ts';
import type { Source, SourceContext } from '../../execute/Source.ts';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';
import type { CredentialHeaders } from '../../upstream/credentials/Credentials.ts';
import { timedOut } from '../../upstream/toUpstreamError.ts';
import { deferStart } from '../credentials/deferStart.ts';
import type { SubgraphCredentials } from '../credentials/SubgraphCredentials.ts';
import { createExecutableSource, type EventSink } from '../executable/createExecutableSource.ts';
import type { RootCall } from '../executable/RootCall.ts';
import { forwardHeaders } from '../forwardHeaders.ts';
import type { UpstreamSubscription } from '../graphql/openSubscription.ts';
import { visibleHeaders } from '../visibleHeaders.ts';
import { convertProto, type Rpc } from './convertProto.ts';
import { createGrpcChannel, type GrpcChannel } from './createGrpcChannel.ts';
import { toGrpcError } from './toGrpcError.ts';

export interface GrpcSourceOptions {
  readonly name: string;
  /** `host:port`, `grpc://` or `grpcs://`. */
  readonly url: string;
  /** Of kind `grpc`. */
  readonly definition: SubgraphDefinition;
  readonly headers: HeaderRules;
  readonly credentials?: SubgraphCredentials | undefined;
  /** Milliseconds for one call; for a stream, until there is a connection. */
  readonly timeout: number;
}

interface Backend {
  readonly name: string;
  readonly timeout: number;
  readonly channel: GrpcChannel;
  toMetadata(context: SourceContext, tokens?: CredentialHeaders): Metadata;
  /** Those of the gateway; absent where it shows none. */
  readonly tokensOf?: ((context: SourceContext) => CredentialHeaders | Promise<CredentialHeaders>) | undefined;
}

/** Makes the source. Throws an `IssuesError` where the definition's proto files cannot be converted. */
export function createGrpcSource(options: GrpcSourceOptions): Source {
  const { name, url, definition, headers, credentials, timeout } = options;
  const { source, merge } = definition;
  if (source.kind !== 'grpc') {
    throw new TypeError(`Subgraph "${name}" is not of kind "grpc".`);
  }
  const converted = convertProto({ name, files: source.files, entry: source.entry, merge });
  if ('issues' in converted) {
    throw new IssuesError(`The proto files of subgraph "${name}" cannot be read.`, converted.issues);
  }
  const { schema, rpcs } = converted;
  const channel = createGrpcChannel(url, credentials?.tls);
  const toHeaders = forwardHeaders(headers, {}, credentials?.names);
  const backend: Backend = {
    name,
    timeout,
    channel,
    toMetadata: (context, tokens) => toMetadata(toHeaders(context), tokens),
    tokensOf: credentials && ((context) => credentials.tokensOf(credentials.identify?.(context))),
  };
  const rpcOf = (call: RootCall): Rpc | undefined => rpcs.get(`${call.type}.${call.field}`);
  return createExecutableSource({
    name,
    schema,
    merge,
    visible: visibleHeaders(toHeaders, credentials?.identify),
    async call(call) {
      const rpc = rpcOf(call);
      if (rpc === undefined) return null;
      if (credentials === undefined || backend.tokensOf === undefined) return callUnary(backend, rpc, { call });
      const tokens = await backend.tokensOf(call.context);
      try {
        return await callUnary(backend, rpc, { call, tokens });
      } catch (error) {
        if (!isUnauthenticated(error) || !credentials.renew(tokens)) throw error;
        return callUnary(backend, rpc, { call, tokens: await backend.tokensOf(call.context) });
      }
    },
    stream(call, sink) {
      const rpc = rpcOf(call);
      if (rpc === undefined) {
        throw new GatewayError(
          'SUBSCRIPTION_NOT_SUPPORTED',
          `Subgraph "${name}" has no "${call.field}" to subscribe to.`,
        );
      }
      const { tokensOf } = backend;
      if (tokensOf === undefined) return openStream(backend, rpc, { call, sink });
      return deferStart(sink, async () => {
        const tokens = await tokensOf(call.context);
        const onRefused = (): void => void credentials?.renew(tokens);
        return () => openStream(backend, rpc, { call, sink, tokens, onRefused });
      });
    },
    close: channel.close,
  });
}

interface Calling {
  readonly call: RootCall;
  readonly tokens?: CredentialHeaders;
}

function isUnauthenticated(error: unknown): boolean {
  const told = error instanceof GatewayError ? error.extensions['grpc'] : undefined;
  return typeof told === 'object' && told !== null && 'status' in told && told.status === 'UNAUTHENTICATED';
}

function callUnary(backend: Backend, rpc: Rpc, { call: rootCall, tokens }: Calling): Promise<unknown> {
  const { type, args, context, signal } = rootCall;
  const { name, timeout, channel } = backend;
  const message = encode(name, rpc, args);
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const { client, release } = channel.lease();
    const finish = (error: ServiceError | null, bytes?: Buffer): void => {
      signal?.removeEventListener('abort', onAbort);
      release(error === null ? 'ended' : 'failed');
      if (signal?.aborted === true) {
        reject(signal.reason);
      } else if (error === null) {
        settle(() => decode(name, rpc, bytes ?? Buffer.alloc(0)), resolve, reject);
      } else if (error.code === status.NOT_FOUND && type === 'Query') {
        resolve(null);
      } else {
        reject(toGrpcError(name, timeout, error));
      }
    };
    const deadline = Date.now() + timeout;
    const call = client.makeUnaryRequest(
      rpc.path,
      same,
      same,
      message,
      backend.toMetadata(context, tokens),
      { deadline },
      finish,
    );
    const onAbort = (): void => call.cancel();
    signal?.addEventListener('abort', onAbort);
  });
}

function openStream(
  backend: Backend,
  rpc: Rpc,
  { call, sink, tokens, onRefused }: Calling & { readonly sink: EventSink; readonly onRefused?: () => void },
): UpstreamSubscription {
  const { name, timeout, channel } = backend;
  const message = encode(name, rpc, call.args);
  const { client, isConnected, release } = channel.lease();
  const stream = client.makeServerStreamRequest(
    rpc.path,
    same,
    same,
    message,
    backend.toMetadata(call.context, tokens),
  );
  let stopped = false;
  // A stream may be silent for hours, but a peer that never takes the connection is no stream.
  const timer = setTimeout(() => {
    if (!isConnected()) {
      sink.end({ error: timedOut(name, timeout) });
    }
  }, timeout);
  stream.on('data', (bytes: Buffer) => {
    settle(
      () => decode(name, rpc, bytes),
      sink.push,
      (error) => sink.end({ error }),
    );
  });
  stream.on('end', () => sink.end());
  stream.on('error', (error: ServiceError) => {
    if (error.code === status.UNAUTHENTICATED) onRefused?.();
    if (!stopped) {
      sink.end({ error: toGrpcError(name, timeout, error) });
    }
  });
  stream.on('status', ({ code }: StatusObject) => {
    clearTimeout(timer);
    release(code === status.OK ? 'ended' : 'failed');
  });
  return {
    resume() {},
    stop() {
      stopped = true;
      clearTimeout(timer);
      stream.cancel();
    },
  };
}

function encode(subgraph: string, rpc: Rpc, args: RootCall['args']): Buffer {
  try {
    return rpc.encode(args);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('BAD_USER_INPUT', `The arguments do not fit the request message: ${reason}`, {
      subgraph,
      cause,
    });
  }
}

function decode(subgraph: string, rpc: Rpc, bytes: Buffer): unknown {
  try {
    return rpc.decode(bytes);
  } catch (cause) {
    const message = `Subgraph "${subgraph}" answered bytes that are not the message of "${rpc.path}".`;
    throw new GatewayError('SUBGRAPH_INVALID_RESPONSE', message, { subgraph, cause });
  }
}

function settle(make: () => unknown, resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}

function toMetadata(headers: Readonly<Record<string, string>>, tokens: CredentialHeaders = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    // "grpc-" belongs to the protocol; what HTTP/2 cannot carry is left out.
    if (!name.startsWith('grpc-') && !name.endsWith('-bin') && /^[\x20-\x7e]*$/.test(value)) {
      metadata.set(name, value);
    }
  }
  for (const [name, value] of Object.entries(tokens)) metadata.set(name, value);
  return metadata;
}

const same = (bytes: Buffer): Buffer => bytes;
