import { GraphQLError, stripIgnoredCharacters } from 'graphql';

/** Registered documents. */
export interface DocumentList {
  find(id: string): string | undefined;
  /** Whether a text is one of them, but for blanks, commas and comments. */
  has(text: string): boolean;
  readonly size: number;
  readonly texts: Iterable<string>;
}

export function createDocumentList(documents: ReadonlyMap<string, string>): DocumentList {
  const exact = new Set(documents.values());
  const bare = new Set([...exact].map(withoutBlanks));
  return {
    find: (id) => documents.get(id),
    has: (text) => exact.has(text) || bare.has(withoutBlanks(text)),
    size: documents.size,
    texts: exact,
  };
}

function withoutBlanks(text: string): string {
  try {
    return stripIgnoredCharacters(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return text;
  }
}
