/**
 * What: refuses an operation without a document. Where: last of what acts before parse, so that a plugin may have found the document by its name.
 * A caller sees BAD_REQUEST, or PERSISTED_QUERY_NOT_SUPPORTED.
 */
import { GatewayError } from '../errors/GatewayError.ts';
import type { GatewayPlugin } from './GatewayPlugin.ts';

export function useRequiredDocument(): GatewayPlugin {
  return {
    onParams({ params }) {
      if (params.query !== undefined) return;
      // Clients that begin with a hash go on without it when they read this.
      if (params.extensions?.['persistedQuery'] != null)
        throw new GatewayError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
      const message =
        params.documentId === undefined
          ? 'The member "query" is missing; expected a GraphQL document.'
          : 'The document is known by "documentId" only; persisted documents are not configured here, expected "query".';
      throw new GatewayError('BAD_REQUEST', message);
    },
  };
}
