import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  getNullableType,
} from 'graphql';
import type protobuf from 'protobufjs';
import type { Issue } from '../../errors/Issue.ts';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';
import { readKeyFields } from '../executable/readKeyFields.ts';
import { toGraphqlName, toLowerCamel } from '../executable/toGraphqlName.ts';
import { createMessageTypes, type MessageTypes, writeFields } from './createMessageTypes.ts';
import { type ProtoSource, parseProto } from './parseProto.ts';

/** How a root field calls its rpc. */
export interface Rpc {
  /** `/package.Service/Method`. */
  readonly path: string;
  encode(args: Readonly<Record<string, unknown>>): Buffer;
  /** The value of the root field; throws where the bytes are not the message. */
  decode(bytes: Buffer): unknown;
}

export interface ConvertedProto {
  readonly schema: GraphQLSchema;
  /** By `Query.field`, `Mutation.field`, `Subscription.field`. */
  readonly rpcs: ReadonlyMap<string, Rpc>;
  /** Rpcs that GraphQL has no form for. */
  readonly warnings: readonly string[];
}

export interface ProtoConversion extends ProtoSource {
  readonly name: string;
  readonly merge?: SubgraphDefinition['merge'];
}

type RootName = 'Query' | 'Mutation' | 'Subscription';

/** Converts proto files to a schema and the calls behind its root fields. */
export function convertProto(options: ProtoConversion): ConvertedProto | { readonly issues: readonly Issue[] } {
  const { services, issues } = parseProto(options);
  if (issues.length > 0) {
    return { issues };
  }
  const methods = services.flatMap((service) => service.methodsArray);
  if (methods.length === 0) {
    return { issues: [{ message: 'The files define no service with an rpc.', file: options.entry.join(', ') }] };
  }
  const types = createMessageTypes(readKeyFields(options.merge));
  const roots: Record<RootName, GraphQLFieldConfigMap<unknown, unknown>> = {
    Query: {},
    Mutation: {},
    Subscription: {},
  };
  const rpcs = new Map<string, Rpc>();
  const warnings: string[] = [];
  for (const method of methods) {
    if (method.requestStream === true) {
      warnings.push(`Rpc "${method.fullName.slice(1)}" takes a stream of requests; it is left out.`);
      continue;
    }
    const root = rootOf(method);
    const { rpc, ...config } = convertMethod(method, types);
    const field = fieldName(method, methods);
    roots[root][field] = config;
    rpcs.set(`${root}.${field}`, rpc);
  }
  if (Object.keys(roots.Query).length === 0) {
    // GraphQL wants a query type with a field.
    roots.Query[toGraphqlName(`_${options.name}`)] = { type: GraphQLBoolean };
  }
  const toType = (name: RootName): GraphQLObjectType | null =>
    Object.keys(roots[name]).length === 0 ? null : new GraphQLObjectType({ name, fields: roots[name] });
  const schema = new GraphQLSchema({
    query: toType('Query'),
    mutation: toType('Mutation'),
    subscription: toType('Subscription'),
  });
  return { schema, rpcs, warnings };
}

const readVerb =
  /^(Get|List|Batch(?!Create|Update|Delete|Write|Set|Put|Add|Remove)|Find|Search|Check|Read|Lookup|Count|Describe|Query)/;

function rootOf(method: protobuf.Method): RootName {
  if (method.responseStream === true) {
    return 'Subscription';
  }
  const options: Readonly<Record<string, unknown>> = method.options ?? {};
  return readVerb.test(method.name) || options['idempotency_level'] === 'NO_SIDE_EFFECTS' ? 'Query' : 'Mutation';
}

/** Where services share a method's name, the service's comes in front. */
function fieldName(method: protobuf.Method, all: readonly protobuf.Method[]): string {
  const isShared = all.some((other) => other !== method && toLowerCamel(other.name) === toLowerCamel(method.name));
  return toLowerCamel(isShared ? `${method.parent?.name ?? ''}_${method.name}` : method.name);
}

function convertMethod(method: protobuf.Method, types: MessageTypes) {
  const request = method.resolvedRequestType;
  const response = method.resolvedResponseType;
  if (request === null || response === null) {
    throw new TypeError(`Rpc "${method.fullName}" is not resolved.`);
  }
  const inputs = types.inputFields(request);
  const { type, read } = unwrap(response, types);
  const rpc: Rpc = {
    path: `/${method.parent?.fullName.slice(1) ?? ''}/${method.name}`,
    encode: (args) => Buffer.from(request.encode(request.fromObject(writeFields(inputs, args))).finish()),
    decode: (bytes) => read(response.toObject(response.decode(bytes), toObjectOptions)),
  };
  const args = Object.fromEntries(
    [...inputs].map(([name, { type: input, description }]) => [name, { type: input, description }]),
  );
  return { type, args, description: method.comment, rpc };
}

const toObjectOptions = { longs: String, enums: String, bytes: String, defaults: true };

/** A response with nothing but one list is that list, so that it can be a batch lookup. Root fields are nullable: a failed one must not take its neighbours. */
function unwrap(
  response: protobuf.Type,
  types: MessageTypes,
): { readonly type: GraphQLOutputType; readonly read: (message: unknown) => unknown } {
  const [only, ...others] = response.fieldsArray;
  if (only === undefined || others.length > 0 || !only.repeated) {
    return types.output(response);
  }
  const { type, read } = types.field(only);
  return {
    type: getNullableType(type) as GraphQLOutputType,
    read: (message) => read((message as Readonly<Record<string, unknown>>)[only.name]),
  };
}
