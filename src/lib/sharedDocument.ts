import type { DocumentNode } from 'graphql';

const shared = new WeakMap<DocumentNode, DocumentNode>();

/** Notes that `document` is `other` but for the name of its only operation: what is prepared for one of them serves both. */
export function shareDocument(document: DocumentNode, other: DocumentNode): void {
  shared.set(document, other);
}

/** The document under which things that do not hang on the operation's name are kept; mostly the document itself. */
export function sharedDocument(document: DocumentNode): DocumentNode {
  return shared.get(document) ?? document;
}
