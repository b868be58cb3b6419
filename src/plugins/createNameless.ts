import { type DocumentNode, Kind, type NameNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { shareDocument } from '../lib/sharedDocument.ts';

/** Documents that are one but for the name of their only operation: clients that put an id or a time into it ask the same thing each time. */
export interface Nameless {
  /** The document of a text that was never read, where one is known that differs in the operation's name only, and is valid. */
  find(text: string): DocumentNode | undefined;
  /** Remembers what a text was parsed to. */
  note(text: string, document: DocumentNode): void;
  /** What is not valid is parsed each time: its errors have places in its own text. */
  confirm(document: DocumentNode): void;
}

interface Known {
  readonly document: DocumentNode;
  /** Where the name stands. */
  readonly start: number;
}

/** Texts that are remembered without their operation's name; all together, in characters. */
const MOST_TEXTS = 1000;
const MOST_CHARACTERS = 1_000_000;

/** May find what is no operation: then nothing is known by that name and place. */
const NAME = /\b(?:query|mutation|subscription)\s+([_A-Za-z][_0-9A-Za-z]*)/d;

export function createNameless(): Nameless {
  const known = new LRUCache<string, Known>({
    max: MOST_TEXTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: sizeOf,
  });
  const valid = new WeakSet<DocumentNode>();
  return {
    find(text) {
      const [start, end] = NAME.exec(text)?.indices?.[1] ?? [];
      if (start === undefined || end === undefined) return undefined;
      const other = known.get(without(text, start, end));
      // A name in the place of a name: every other token is the same.
      if (other?.start !== start || !valid.has(other.document)) return undefined;
      return renamed(other.document, text.slice(start, end));
    },
    note(text, document) {
      const { start, end } = onlyOperation(document)?.name?.loc ?? {};
      if (start === undefined || end === undefined) return;
      const nameless = without(text, start, end);
      const other = known.get(nameless);
      if (other?.start === start) shareDocument(document, other.document);
      else known.set(nameless, { document, start });
    },
    confirm: (document) => void valid.add(document),
  };
}

/**
 * The same document under another name: 1 KB instead of 28 for the benchmark's heavy query, and 60 µs less than to parse it. Undefined where it has variables:
 * errors tell where these stand.
 */
function renamed(document: DocumentNode, value: string): DocumentNode | undefined {
  const operation = onlyOperation(document) as OperationDefinitionNode & { readonly name: NameNode };
  if ((operation.variableDefinitions ?? []).length > 0) return undefined;
  const own = { ...operation, name: { ...operation.name, value } };
  const definitions = document.definitions.map((definition) => (definition === operation ? own : definition));
  const made = { ...document, definitions };
  shareDocument(made, document);
  return made;
}

function without(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(end);
}

function sizeOf(_known: Known, text: string): number {
  return text.length + 1;
}

function onlyOperation({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  const [only, second] = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return only?.kind === Kind.OPERATION_DEFINITION && second === undefined ? only : undefined;
}
