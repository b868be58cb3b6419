import { createGrpcSource } from '../../../src/sources/grpc/createGrpcSource.ts';
import type { ContractSubject } from '../contract.ts';
import { proto, startGrpcBackend } from './startGrpcBackend.ts';

/** A gRPC service; its server stream is a subscription. */
export const grpcContractSubject: ContractSubject = {
  start: startGrpcBackend,
  createSource(_t, options) {
    const source = { kind: 'grpc' as const, files: { 'things.proto': proto }, entry: ['things.proto'] };
    return createGrpcSource({ ...options, definition: { source } });
  },
  query: {
    document: 'query ($id: ID!) { thing: getThing(id: $id) { id name } }',
    variables: '{"id":"1"}',
    data: { thing: { id: '1', name: 'Thing 1' } },
  },
  failing: { document: '{ broken: getBroken { id } }', path: ['broken'] },
  caller: { document: '{ caller: getCaller }' },
  subscription: { document: 'subscription { ticks }', data: { ticks: 1 } },
};
