import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { BackendBehaviour, ContractBackend } from '../contract.ts';

const messages = `
message ThingRequest { string id = 1; }
message Thing { string id = 1; string name = 2; }
`;

export const proto = `
syntax = "proto3";
import "google/protobuf/empty.proto";
import "google/protobuf/wrappers.proto";
service Things {
  rpc GetThing (ThingRequest) returns (Thing);
  rpc GetBroken (google.protobuf.Empty) returns (Thing);
  rpc GetCaller (google.protobuf.Empty) returns (google.protobuf.StringValue);
  rpc Ticks (google.protobuf.Empty) returns (stream google.protobuf.Int32Value);
}
${messages}`;

/** What is on the wire: the well-known types are messages of these shapes. */
const { root } = protobuf.parse(`
syntax = "proto3";
${messages}
message Empty {}
message StringValue { string value = 1; }
message Int32Value { int32 value = 1; }
`);

export interface GrpcBackend extends ContractBackend {
  readonly unsubscribed: Promise<void>;
}

interface Message {
  readonly id?: string;
}
type Call = ServerUnaryCall<Message, object>;
type Stream = ServerWritableStream<Message, object>;

/** A gRPC server on a free port. */
export async function startGrpcBackend(behaviour: BackendBehaviour): Promise<GrpcBackend> {
  const arrived = Promise.withResolvers<void>();
  const unsubscribed = Promise.withResolvers<void>();
  const unary = (answer: (call: Call) => object) => (call: Call, callback: sendUnaryData<object>) => {
    arrived.resolve();
    if (behaviour === 'hanging') return;
    try {
      callback(null, answer(call));
    } catch (error) {
      callback(error as Error);
    }
  };
  const server = new Server();
  server.addService(serviceOf(behaviour), {
    GetThing: unary(({ request: { id } }) => ({ id, name: `Thing ${id}` })),
    GetBroken: unary(() => {
      throw Object.assign(new Error('It broke.'), { code: status.FAILED_PRECONDITION });
    }),
    GetCaller: unary(({ metadata }) => ({ value: String(metadata.get('x-caller')[0]) })),
    Ticks(stream: Stream) {
      arrived.resolve();
      stream.on('cancelled', unsubscribed.resolve);
      if (behaviour !== 'hanging') stream.write({ value: 1 });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    url: `127.0.0.1:${port}`,
    arrived: arrived.promise,
    unsubscribed: unsubscribed.promise,
    kill: async () => server.forceShutdown(),
  };
}

/** With the behaviour `garbage` every answer is bytes that no message has. */
function serviceOf(behaviour: BackendBehaviour): Record<string, MethodDefinition<Message, object>> {
  const define = (name: string, request: string, response: string): MethodDefinition<Message, object> => {
    const write = (type: string) => (message: object) =>
      behaviour === 'garbage'
        ? Buffer.from([0x0a, 0xff, 0x01])
        : Buffer.from(root.lookupType(type).encode(root.lookupType(type).fromObject(message)).finish());
    const read = (type: string) => (bytes: Buffer) =>
      root.lookupType(type).toObject(root.lookupType(type).decode(bytes));
    return {
      path: `/Things/${name}`,
      requestStream: false,
      responseStream: name === 'Ticks',
      requestSerialize: write(request),
      requestDeserialize: read(request),
      responseSerialize: write(response),
      responseDeserialize: read(response),
    };
  };
  return {
    GetThing: define('GetThing', 'ThingRequest', 'Thing'),
    GetBroken: define('GetBroken', 'Empty', 'Thing'),
    GetCaller: define('GetCaller', 'Empty', 'StringValue'),
    Ticks: define('Ticks', 'Empty', 'Int32Value'),
  };
}
