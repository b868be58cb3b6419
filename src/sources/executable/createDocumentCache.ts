import { type DocumentNode, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SourceOperation } from '../../execute/Source.ts';

/** Parses each operation once: by identity for those of a plan, by text for those whose aliases are made per request. */
export function createDocumentCache(size = 256): (operation: SourceOperation) => DocumentNode {
  const byIdentity = new WeakMap<SourceOperation, DocumentNode>();
  const byText = new LRUCache<string, DocumentNode>({ max: size });
  return (operation) => {
    const known = byIdentity.get(operation) ?? byText.get(operation.document);
    const document = known ?? parse(operation.document, { noLocation: true });
    byIdentity.set(operation, document);
    if (known === undefined) {
      byText.set(operation.document, document);
    }
    return document;
  };
}
