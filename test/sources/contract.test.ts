import { sourceContract } from './contract.ts';
import { graphqlContractSubject } from './graphql/graphqlContractSubject.ts';

sourceContract('GraphQL with WebSocket', graphqlContractSubject('ws'));
sourceContract('GraphQL with SSE', graphqlContractSubject('sse'));
