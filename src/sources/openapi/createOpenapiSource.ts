/**
 * A REST service as a source. Acts where the executor fetches from it; GraphQL is executed here, each root field is one HTTP request.
 * A caller sees a declared 404 of a read as null and every other failure as an error at the root field.
 */
import type { HeaderRules } from '../../config/Config.ts';
import { IssuesError } from '../../errors/Issue.ts';
import type { Source } from '../../execute/Source.ts';
import type { SubgraphDefinition } from '../../supergraph/Subgraph.ts';
import type { HttpClient } from '../../upstream/HttpClient.ts';
import type { SubgraphCredentials } from '../credentials/SubgraphCredentials.ts';
import { createExecutableSource } from '../executable/createExecutableSource.ts';
import { forwardHeaders, takenHeaders } from '../forwardHeaders.ts';
import { readReplyCaching } from '../readReplyCaching.ts';
import { visibleHeaders } from '../visibleHeaders.ts';
import { convertOpenapi } from './convertOpenapi.ts';
import type { Endpoint } from './Endpoint.ts';
import { printRestRequest } from './printRestRequest.ts';
import { readRestAnswer } from './readRestAnswer.ts';

export interface OpenapiSourceOptions {
  readonly name: string;
  /** Base URL; the document's paths are put behind it. */
  readonly url: string;
  /** Of kind `openapi`. */
  readonly definition: SubgraphDefinition;
  readonly headers: HeaderRules;
  readonly credentials?: SubgraphCredentials | undefined;
  /** Milliseconds for one call. */
  readonly timeout: number;
  /** Connections to the origin at most; default: the client's. */
  readonly connections?: number | undefined;
  /** Belongs to the caller: `close` leaves it open. */
  readonly http: HttpClient;
}

/** Makes the source. Throws an `IssuesError` where the definition's document cannot be converted. */
export function createOpenapiSource(options: OpenapiSourceOptions): Source {
  const { name, url, definition, headers, credentials, timeout, connections, http } = options;
  const { source, merge } = definition;
  if (source.kind !== 'openapi') {
    throw new TypeError(`Subgraph "${name}" is not of kind "openapi".`);
  }
  const converted = convertOpenapi({ name, document: source.document, merge });
  if ('issues' in converted) {
    throw new IssuesError(`The OpenAPI document of subgraph "${name}" cannot be read.`, converted.issues);
  }
  const { schema } = converted;
  const endpoints = withoutTakenHeaders(converted.endpoints, takenHeaders(headers, credentials?.names));
  const toHeaders = forwardHeaders(
    headers,
    { accept: 'application/json, application/problem+json' },
    credentials?.names,
  );
  return createExecutableSource({
    name,
    schema,
    merge,
    visible: visibleHeaders(toHeaders, credentials?.identify),
    async call({ type, field, args, context, signal, note }) {
      const endpoint = endpoints.get(`${type}.${field}`);
      if (endpoint === undefined) {
        return null;
      }
      const request = printRestRequest(url, endpoint, args);
      const answer = await http.request({
        subgraph: name,
        url: request.url,
        method: endpoint.method,
        headers: { ...request.headers, ...toHeaders(context) },
        body: request.body,
        timeout,
        connections,
        signal,
        idempotent: endpoint.method === 'GET',
        credentials,
        identity: credentials?.identify?.(context),
      });
      note?.(readReplyCaching(answer.headers));
      return readRestAnswer(name, endpoint, answer);
    },
  });
}

/** A parameter is the client's to choose: none goes out under a name that is the gateway's own. */
function withoutTakenHeaders(
  endpoints: ReadonlyMap<string, Endpoint>,
  isTaken: (name: string) => boolean,
): Map<string, Endpoint> {
  return new Map(
    [...endpoints].map(([field, endpoint]) => {
      const parameters = endpoint.parameters.filter(({ place, name }) => place !== 'header' || !isTaken(name));
      return [field, { ...endpoint, parameters }];
    }),
  );
}
