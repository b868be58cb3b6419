import { sourceContract } from './contract.ts';
import { graphqlContractSubject } from './graphql/graphqlContractSubject.ts';
import { grpcContractSubject } from './grpc/grpcContractSubject.ts';
import { openapiContractSubject } from './openapi/openapiContractSubject.ts';

sourceContract('GraphQL with WebSocket', graphqlContractSubject('ws'));
sourceContract('GraphQL with SSE', graphqlContractSubject('sse'));
sourceContract('REST', openapiContractSubject);
sourceContract('gRPC', grpcContractSubject);
