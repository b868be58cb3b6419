import { fileURLToPath } from 'node:url';
import type { MethodDefinition } from '@grpc/grpc-js';
import { type Method, Root, type Type } from 'protobufjs';

export type ShippingMethod = MethodDefinition<object, object>;

export const shippingServiceName = 'shop.shipping.v1.Shipping';

/** The rpcs of schemas/shipping.proto by name, as grpc-js takes them; messages are plain objects in lowerCamelCase. */
export function shippingService(): Readonly<Record<string, ShippingMethod>> {
  const root = new Root().loadSync(fileURLToPath(new URL('../../schemas/shipping.proto', import.meta.url)));
  root.resolveAll();
  const service = root.lookupService(shippingServiceName);
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, define(method)]));
}

function define(method: Method): ShippingMethod {
  const request = resolved(method.resolvedRequestType);
  const response = resolved(method.resolvedResponseType);
  return {
    path: `/${shippingServiceName}/${method.name}`,
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: encoder(request),
    requestDeserialize: decoder(request),
    responseSerialize: encoder(response),
    responseDeserialize: decoder(response),
  };
}

function resolved(type: Type | null): Type {
  if (type === null) throw new Error('schemas/shipping.proto has an rpc whose message is not defined.');
  return type;
}

function encoder(type: Type): (message: object) => Buffer {
  return (message) => Buffer.from(type.encode(type.fromObject(message as Record<string, unknown>)).finish());
}

function decoder(type: Type): (bytes: Buffer) => object {
  return (bytes) => type.toObject(type.decode(bytes), { defaults: true, enums: String, longs: Number });
}
