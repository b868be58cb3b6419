import { createGraphqlSource } from '../../../src/sources/graphql/createGraphqlSource.ts';
import { createHttpClient } from '../../../src/upstream/createHttpClient.ts';
import type { ContractSubject } from '../contract.ts';
import { startGraphqlBackend } from './startGraphqlBackend.ts';

/** GraphQL over HTTP, with subscriptions over the protocol given. */
export function graphqlContractSubject(protocol: 'ws' | 'sse'): ContractSubject {
  return {
    start: startGraphqlBackend,
    createSource(t, options) {
      const http = createHttpClient();
      t.after(() => http.close());
      return createGraphqlSource({ ...options, http, subscriptions: { protocol } });
    },
    query: {
      document: 'query ($id: ID!) { thing(id: $id) { id name } }',
      variables: '{"id":"1"}',
      data: { thing: { id: '1', name: 'Thing 1' } },
    },
    failing: { document: '{ broken { id } }', path: ['broken'] },
    caller: { document: '{ caller }' },
    subscription: { document: 'subscription { ticks }', data: { ticks: 1 } },
  };
}
