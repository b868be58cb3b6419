import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
} from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';
import { nonNull } from '../executable/nonNull.ts';
import { readKeyFields } from '../executable/readKeyFields.ts';
import { claimName, toGraphqlName, toLowerCamel } from '../executable/toGraphqlName.ts';
import { createSchemaTypes, describe, type SchemaTypes } from './createSchemaTypes.ts';
import type { Endpoint, EndpointParameter } from './Endpoint.ts';
import { parseSpec } from './parseSpec.ts';
import { asList, asNode, asText, isNode, type Spec, type SpecNode } from './Spec.ts';

export interface OpenapiConversion {
  readonly name: string;
  /** YAML or JSON. */
  readonly document: string;
  readonly merge?: SubgraphDefinition['merge'];
}

export interface ConvertedOpenapi {
  readonly spec: Spec;
  readonly schema: GraphQLSchema;
  /** By `Query.field` and `Mutation.field`. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Converts a document to a schema and the calls behind its root fields. */
export function convertOpenapi(options: OpenapiConversion): ConvertedOpenapi | { readonly issues: readonly Issue[] } {
  const parsed = parseSpec(options.document);
  if ('issues' in parsed) {
    return parsed;
  }
  const { spec } = parsed;
  const types = createSchemaTypes(spec, readKeyFields(options.merge));
  const roots = {
    Query: new Map<string, GraphQLFieldConfig<unknown, unknown>>(),
    Mutation: new Map<string, GraphQLFieldConfig<unknown, unknown>>(),
  };
  const names = { Query: new Set<string>(), Mutation: new Set<string>() };
  const endpoints = new Map<string, Endpoint>();
  for (const [path, item] of Object.entries(asNode(spec.document['paths']))) {
    const pathItem = spec.resolve(item).node;
    for (const method of methods) {
      const operation = pathItem[method];
      if (!isNode(operation)) continue;
      const root = method === 'get' ? 'Query' : 'Mutation';
      const name = claimName(names[root], toLowerCamel(asText(operation['operationId']) ?? `${method}${path}`));
      const { endpoint, config } = convertOperation({ spec, types, path, method, pathItem, operation, name });
      roots[root].set(name, config);
      endpoints.set(`${root}.${name}`, endpoint);
    }
  }
  if (endpoints.size === 0) {
    return { issues: [{ message: 'The document has no operation in "paths".', path: '#/paths' }] };
  }
  if (roots.Query.size === 0) {
    // GraphQL wants a query type with a field.
    roots.Query.set(toGraphqlName(`_${options.name}`), { type: GraphQLBoolean });
  }
  const toType = (name: 'Query' | 'Mutation'): GraphQLObjectType | null => {
    const fields: GraphQLFieldConfigMap<unknown, unknown> = Object.fromEntries(roots[name]);
    return roots[name].size === 0 ? null : new GraphQLObjectType({ name, fields });
  };
  const build = (): GraphQLSchema =>
    new GraphQLSchema({ query: toType('Query'), mutation: toType('Mutation'), types: types.implementations() });
  // The first walk finds the implementations of interfaces, the second one takes them in.
  build();
  return { spec, schema: build(), endpoints };
}

interface Operation {
  readonly spec: Spec;
  readonly types: SchemaTypes;
  readonly path: string;
  readonly method: (typeof methods)[number];
  readonly pathItem: SpecNode;
  readonly operation: SpecNode;
  readonly name: string;
}

function convertOperation(input: Operation): {
  readonly endpoint: Endpoint;
  readonly config: GraphQLFieldConfig<unknown, unknown>;
} {
  const { spec, path, method, operation, name } = input;
  const args: GraphQLFieldConfigArgumentMap = {};
  const taken = new Set<string>();
  const parameters = readParameters(input, args, taken);
  const body = readBody(input, args, taken);
  const { type, isEmpty } = readAnswerType(input);
  const isNullOn404 = method === 'get' && asNode(operation['responses'])['404'] !== undefined;
  const deprecated = operation['deprecated'] === true ? { deprecationReason: 'Deprecated by the service.' } : {};
  const description = asText(operation['description']) ?? describe(spec.resolve(operation).node);
  const upper = method.toUpperCase() as Endpoint['method'];
  return {
    endpoint: { method: upper, path, parameters, body, isEmpty, isNullOn404 },
    config: { type, args, description: description === name ? null : description, ...deprecated },
  };
}

function readParameters(
  { spec, types, pathItem, operation, name }: Operation,
  args: GraphQLFieldConfigArgumentMap,
  taken: Set<string>,
): EndpointParameter[] {
  const byKey = new Map<string, SpecNode>();
  // An operation's parameter replaces the path's one of the same name and place.
  for (const parameter of [...asList(pathItem['parameters']), ...asList(operation['parameters'])]) {
    const { node } = spec.resolve(parameter);
    byKey.set(`${String(node['in'])} ${String(node['name'])}`, node);
  }
  return [...byKey.values()].map((node) => {
    const wire = String(node['name']);
    const place = node['in'] as EndpointParameter['place'];
    const [content] = Object.values(asNode(node['content']));
    const schema = node['schema'] ?? asNode(content)['schema'];
    const argument = claimName(taken, toGraphqlName(wire));
    const { type, nullable, write } = types.input(schema, `${capital(name)}_${argument}`);
    const isRequired = node['required'] === true && !nullable;
    args[argument] = { type: isRequired ? nonNull(type) : type, description: describe(node) };
    const style = asText(node['style']) ?? (place === 'query' || place === 'cookie' ? 'form' : 'simple');
    const explode = typeof node['explode'] === 'boolean' ? node['explode'] : style === 'form';
    return { argument, name: wire, place, style: content === undefined ? style : 'json', explode, write };
  });
}

function readBody(
  { spec, types, operation, name }: Operation,
  args: GraphQLFieldConfigArgumentMap,
  taken: Set<string>,
): Endpoint['body'] {
  const body = spec.resolve(operation['requestBody']).node;
  const content = Object.entries(asNode(body['content']));
  const [mediaType, media] = content.find(([type]) => isJson(type)) ?? content[0] ?? [];
  if (mediaType === undefined) {
    return undefined;
  }
  const argument = claimName(taken, 'input');
  const { type, write } = types.input(asNode(media)['schema'], capital(name));
  args[argument] = { type: body['required'] === true ? nonNull(type) : type, description: describe(body) };
  return { argument, mediaType, write };
}

/** Root fields are nullable: a failed one must not take its neighbours with it. */
function readAnswerType({ spec, types, operation, name }: Operation): {
  readonly type: GraphQLOutputType;
  readonly isEmpty: boolean;
} {
  const responses = asNode(operation['responses']);
  const status =
    Object.keys(responses)
      .filter((key) => /^2/.test(key))
      .sort()[0] ?? 'default';
  const content = Object.entries(asNode(spec.resolve(responses[status]).node['content']));
  const [, media] = content.find(([type]) => isJson(type)) ?? [];
  return media === undefined
    ? { type: GraphQLBoolean, isEmpty: true }
    : { type: types.output(asNode(media)['schema'], `${capital(name)}Response`).type, isEmpty: false };
}

export function isJson(mediaType: string): boolean {
  return /^(application\/([\w.+-]+\+)?json|\*\/\*)/i.test(mediaType);
}

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
