import { type DocumentNode, Kind, type NameNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { shareDocument } from '../lib/sharedDocument.ts';

/** Texts that are remembered without their operation's name; all together, in characters. */
const MOST_TEXTS = 1000;
const MOST_CHARACTERS = 4_000_000;

/** Clients that put an id or a time into an operation's name ask the same thing each time: notes which documents are one but for it. */
export function createNameless(): (text: string, document: DocumentNode) => void {
  const known = new LRUCache<string, DocumentNode>({
    max: MOST_TEXTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: sizeOf,
  });
  return (text, document) => {
    const { start, end } = nameOfOnlyOperation(document)?.loc ?? {};
    if (start === undefined || end === undefined) return;
    const nameless = text.slice(0, start) + text.slice(end);
    const other = known.get(nameless);
    if (other === undefined) known.set(nameless, document);
    else shareDocument(document, other);
  };
}

function sizeOf(_document: DocumentNode, text: string): number {
  return text.length + 1;
}

function nameOfOnlyOperation({ definitions }: DocumentNode): NameNode | undefined {
  const [only, second] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return only?.kind === Kind.OPERATION_DEFINITION && second === undefined ? only.name : undefined;
}
