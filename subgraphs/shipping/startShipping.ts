import { createServer } from 'node:http';
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Backend, BackendOptions } from '../Backend.ts';
import { closeServer } from '../server/closeServer.ts';
import { createGauge, type Gauge } from '../server/createGauge.ts';
import { createRequestLog, type RequestLog } from '../server/createRequestLog.ts';
import { listen } from '../server/listen.ts';
import { createShipping, type RpcError, type Shipping, type TrackingEvent } from './createShipping.ts';
import { shippingService } from './shippingService.ts';

export interface ShippingOptions extends BackendOptions {
  /** Milliseconds between two steps of a shipment that is still on its way; default 2,000. */
  readonly stepEvery?: number | undefined;
}

/** The shipping service also tells how many tracking streams are open, so that tests can wait for one to begin or to end. */
export interface ShippingBackend extends Backend {
  readonly streams: () => number;
  whenStreams(count: number): Promise<void>;
}

/** The shipping service: gRPC as schemas/shipping.proto says, without TLS; its default port is 4105. */
export async function startShipping(options: ShippingOptions = {}): Promise<ShippingBackend> {
  const { host = '127.0.0.1', stepEvery = 2000 } = options;
  const record = createRequestLog();
  const streams = createGauge();
  const server = new Server();
  server.addService(shippingService(), implement({ shipping: createShipping(), record, streams, stepEvery }));
  const port = await bind(server, host, options.port ?? 4105);
  return {
    name: 'shipping',
    url: `${host}:${port}`,
    port,
    requests: record.requests,
    log: record.log,
    reset: record.reset,
    streams: streams.value,
    whenStreams: streams.when,
    async close() {
      server.forceShutdown();
    },
  };
}

interface Parts {
  readonly shipping: Shipping;
  readonly record: RequestLog;
  readonly streams: Gauge;
  readonly stepEvery: number;
}

function implement(parts: Parts): UntypedServiceImplementation {
  const { shipping, record } = parts;
  /** Requests are decoded with defaults, so that every field is there. */
  const unary = <Request extends object>(
    name: string,
    answer: (request: Request) => object,
  ): handleUnaryCall<Request, object> => {
    return (call, callback) => {
      record.add(`${name} ${JSON.stringify(call.request)}`);
      try {
        callback(null, answer(call.request));
      } catch (error) {
        callback(error as RpcError);
      }
    };
  };
  const trackShipment: handleServerStreamingCall<{ readonly id: string }, TrackingEvent> = (call) => {
    record.add(`TrackShipment ${JSON.stringify(call.request)}`);
    try {
      follow(call, parts);
    } catch (error) {
      // Not destroy(): a destroyed call never sends its status.
      call.emit('error', error as RpcError);
    }
  };
  return {
    GetQuote: unary('GetQuote', shipping.quote),
    GetProduct: unary('GetProduct', ({ upc }: { upc: string }) => shipping.product(upc)),
    BatchGetProducts: unary('BatchGetProducts', ({ upcs }: { upcs: readonly string[] }) => ({
      products: shipping.products(upcs),
    })),
    BatchGetShipments: unary('BatchGetShipments', ({ ids }: { ids: readonly string[] }) => ({
      shipments: shipping.shipments(ids),
    })),
    TrackShipment: trackShipment,
  };
}

/** What has happened comes at once; what is still to come, one step after the other; the stream ends with the delivery. */
function follow(
  call: ServerWritableStream<{ readonly id: string }, TrackingEvent>,
  { shipping, streams, stepEvery }: Parts,
): void {
  const { steps, happened } = shipping.track(call.request.id);
  for (const step of steps.slice(0, happened)) call.write(step);
  const ahead = steps.slice(happened);
  streams.add(1);
  const next = (): void => {
    const step = ahead.shift();
    if (step !== undefined) call.write(step);
    if (ahead.length === 0) finish();
  };
  const timer = setInterval(next, stepEvery);
  let open = true;
  const stop = (): void => {
    if (!open) return;
    open = false;
    clearInterval(timer);
    streams.add(-1);
  };
  const finish = (): void => {
    stop();
    call.end();
  };
  call.once('cancelled', stop);
  if (ahead.length === 0) finish();
}

async function bind(server: Server, host: string, port: number): Promise<number> {
  // A plain server tries the port first: grpc-js writes to stderr before it reports a taken one.
  const probe = createServer();
  await listen(probe, 'shipping', host, port);
  await closeServer(probe);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}
