/**
 * What: documents that are known by a hash or a registered name. Where: before parse, when it is known who asks.
 * A caller sees Apollo's codes: PERSISTED_QUERY_NOT_FOUND asks it to send the text along once.
 */
import { GatewayError } from '../../errors/GatewayError.ts';
import type { GatewayPlugin, OpenContext, OperationParams } from '../GatewayPlugin.ts';
import { hashOf } from '../hashOf.ts';
import type { DocumentList } from './createDocumentList.ts';

/** Texts by their hash, as clients register them. Bounded: what is forgotten is sent again. */
export interface DocumentStore {
  find(hash: string): string | undefined | Promise<string | undefined>;
  add(hash: string, text: string): void;
}

export interface PersistedDocumentsOptions {
  /** Automatic persisted queries, where they are on. */
  readonly automatic?: DocumentStore | undefined;
  /** What is registered now. */
  readonly list?: (() => DocumentList) | undefined;
  /** `ids`: by registered names only; `listed`: by registered texts too. Undefined: anything. */
  readonly only?: 'ids' | 'listed' | undefined;
  /** Who may ask anything all the same. */
  readonly mayAsk: (context: OpenContext) => boolean;
}

interface Asked {
  readonly params: OperationParams;
  readonly set: (query: string) => void;
}

export function usePersistedDocuments({ automatic, list, only, mayAsk }: PersistedDocumentsOptions): GatewayPlugin {
  return {
    onParams({ params, setParams, context }) {
      const id = readId(params);
      const { query } = params;
      const listed = id === undefined ? undefined : list?.().find(id);
      const set = (found: string) => setParams({ ...params, query: found, documentId: undefined });
      if (listed !== undefined) return set(listed);
      if (only !== undefined && !mayAsk(context)) return checkListed({ query, id, only, list: list?.() });
      if (id === undefined || (query !== undefined && automatic === undefined)) return;
      // The last of all hooks says that a hash alone is not enough here.
      if (automatic === undefined && params.documentId === undefined) return;
      // A name that is no hash was never registered by a client.
      if (automatic === undefined || !HASH.test(id)) throw notThere(params);
      return query === undefined ? findAutomatic(automatic, id, { params, set }) : addAutomatic(automatic, id, query);
    },
  };
}

const HASH = /^[0-9a-f]{64}$/;

/** `documentId`, or Apollo's `extensions.persistedQuery`; hexadecimal digits in lower case, without `sha256:`. */
function readId({ documentId, extensions }: OperationParams): string | undefined {
  if (documentId !== undefined) return documentId.replace(/^sha256:/, '');
  const persisted = extensions?.['persistedQuery'];
  if (persisted === undefined || persisted === null) return undefined;
  const { version, sha256Hash: hash } = persisted as { readonly version?: unknown; readonly sha256Hash?: unknown };
  if (version !== 1 || typeof hash !== 'string')
    throw new GatewayError(
      'BAD_REQUEST',
      'Expected "extensions.persistedQuery" to be an object with "version": 1 and "sha256Hash", a text.',
    );
  return hash.toLowerCase();
}

interface Check {
  readonly query: string | undefined;
  readonly id: string | undefined;
  readonly only: 'ids' | 'listed';
  readonly list: DocumentList | undefined;
}

function checkListed({ query, id, only, list }: Check): void {
  if (query === undefined) {
    const message = id === undefined ? undefined : 'No registered document has this name.';
    if (message !== undefined) throw new GatewayError('PERSISTED_QUERY_NOT_IN_LIST', message);
    return;
  }
  if (only === 'ids')
    throw new GatewayError('PERSISTED_QUERY_ID_REQUIRED', 'Expected the registered name of a document, not its text.');
  if (list?.has(query) !== true)
    throw new GatewayError('QUERY_NOT_IN_SAFE_LIST', 'The document is none of those that are registered.');
}

function findAutomatic(store: DocumentStore, hash: string, { params, set }: Asked): void | Promise<void> {
  const take = (text: string | undefined): void => {
    if (text === undefined) throw notThere(params);
    set(text);
  };
  const found = store.find(hash);
  return found instanceof Promise ? found.then(take) : take(found);
}

async function addAutomatic(store: DocumentStore, hash: string, query: string): Promise<void> {
  if ((await store.find(hash)) === query) return;
  if ((await hashOf(query)) !== hash)
    throw new GatewayError('PERSISTED_QUERY_HASH_MISMATCH', 'provided sha does not match query');
  store.add(hash, query);
}

/** Apollo's clients look at code or message. */
function notThere({ documentId, extensions }: OperationParams): GatewayError {
  if (extensions?.['persistedQuery'] !== undefined && documentId === undefined)
    return new GatewayError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  return new GatewayError('PERSISTED_QUERY_NOT_IN_LIST', 'No document has this name.');
}
