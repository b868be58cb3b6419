import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  Kind,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { GatewayError } from '../errors/GatewayError.ts';
import type { SourceResult } from '../execute/Source.ts';
import type { Credentials } from '../upstream/credentials/Credentials.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import { readGraphqlAnswer } from './graphql/readGraphqlAnswer.ts';
import { toErrorMessage } from './toErrorMessage.ts';

/** A GraphQL endpoint that is asked for its schema. */
export interface SchemaEndpoint {
  readonly subgraph: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly http: HttpClient;
  readonly credentials?: Credentials | undefined;
}

/**
 * The SDL of a live GraphQL service, by introspection. Applied directives cannot be introspected, so a federated service is plain GraphQL
 * then: its federation machinery is left out. Rejects with a `GatewayError`.
 */
export async function introspectSubgraph(endpoint: SchemaEndpoint): Promise<string> {
  // The newer parts are asked for first; older servers refuse the whole query because of them.
  const modern = { specifiedByUrl: true, inputValueDeprecation: true, directiveIsRepeatable: true };
  let result = await ask(endpoint, getIntrospectionQuery(modern));
  if (result.data?.['__schema'] === undefined) {
    result = await ask(endpoint, getIntrospectionQuery({ directiveIsRepeatable: false }));
  }
  if (result.data?.['__schema'] === undefined || result.data['__schema'] === null) {
    throw refused(endpoint, 'introspection', result);
  }
  try {
    return withoutFederation(printSchema(buildClientSchema(result.data as unknown as IntrospectionQuery)));
  } catch (error) {
    throw new GatewayError(
      'SUBGRAPH_INVALID_RESPONSE',
      `Subgraph "${endpoint.subgraph}" answered introspection with something that is not a schema: ${toErrorMessage(error)}`,
      { subgraph: endpoint.subgraph, cause: error },
    );
  }
}

/** The SDL of a live federated service, by `{ _service { sdl } }`. Rejects with a `GatewayError`. */
export async function fetchServiceSdl(endpoint: SchemaEndpoint): Promise<string> {
  const result = await ask(endpoint, '{ _service { sdl } }');
  const service = result.data?.['_service'];
  const sdl = typeof service === 'object' && service !== null && 'sdl' in service ? service.sdl : undefined;
  if (typeof sdl !== 'string' || sdl.trim() === '') {
    throw refused(endpoint, '"{ _service { sdl } }"', result);
  }
  return sdl;
}

async function ask(endpoint: SchemaEndpoint, query: string): Promise<SourceResult> {
  const { subgraph, url, headers, timeout, http, credentials } = endpoint;
  const answer = await http.request({
    subgraph,
    url,
    method: 'POST',
    headers: {
      ...headers,
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query }),
    timeout,
    idempotent: true,
    credentials,
  });
  return readGraphqlAnswer(subgraph, answer.status, answer.body);
}

function refused(endpoint: SchemaEndpoint, question: string, result: SourceResult): GatewayError {
  const reason = result.errors?.[0]?.message ?? 'the answer has no such data';
  return new GatewayError(
    'SUBGRAPH_INVALID_RESPONSE',
    `Subgraph "${endpoint.subgraph}" does not answer ${question}: ${reason}`,
    {
      subgraph: endpoint.subgraph,
    },
  );
}

const federationType = /^(_Any|_Entity|_Service|_?FieldSet|(federation|link)__\w+)$/;

function withoutFederation(sdl: string): string {
  const document = visit(parse(sdl), {
    enter(node) {
      switch (node.kind) {
        case Kind.SCALAR_TYPE_DEFINITION:
        case Kind.UNION_TYPE_DEFINITION:
        case Kind.OBJECT_TYPE_DEFINITION:
        case Kind.ENUM_TYPE_DEFINITION:
          return federationType.test(node.name.value) ? null : undefined;
        case Kind.FIELD_DEFINITION:
          return node.name.value === '_service' || node.name.value === '_entities' ? null : undefined;
        case Kind.DIRECTIVE_DEFINITION:
          return node.arguments?.some((argument) => /FieldSet/.test(print(argument.type))) === true ? null : undefined;
        default:
          return undefined;
      }
    },
  });
  return print(document);
}
