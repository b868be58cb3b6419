import { GraphQLError } from 'graphql';

/** Reads a `FieldSelectionMap` token by token. Commas are white space, as everywhere in GraphQL. */
export interface Scanner {
  /** The next token without taking it; empty at the end. */
  peek(): string;
  take(): string;
  /** Whether the next token is this one, which is then taken. */
  skip(token: string): boolean;
  expect(token: string): void;
  name(): string;
  /** Arguments with their parentheses, where they come next; else empty. */
  args(): string;
  unexpected(expected: string): GraphQLError;
}

const TOKEN = /[\s,]*(?:([_A-Za-z][_0-9A-Za-z]*)|([{}[\]|.<>:])|(\((?:"(?:\\.|[^"\\])*"|[^()"])*\)))/y;

export function createScanner(text: string): Scanner {
  let at = 0;
  const read = (): { readonly token: string; readonly end: number } => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match !== null) return { token: match[1] ?? match[2] ?? match[3] ?? '', end: TOKEN.lastIndex };
    const rest = text.slice(at).replace(/^[\s,]+/, '');
    return { token: rest.slice(0, 1), end: at };
  };
  const scanner: Scanner = {
    peek: () => read().token,
    take() {
      const { token, end } = read();
      at = end;
      return token;
    },
    skip(token) {
      if (scanner.peek() !== token) return false;
      scanner.take();
      return true;
    },
    expect(token) {
      if (!scanner.skip(token)) throw scanner.unexpected(`"${token}"`);
    },
    name() {
      if (!/^[_A-Za-z]/.test(scanner.peek())) throw scanner.unexpected('a name');
      return scanner.take();
    },
    args: () => (scanner.peek().length > 1 && scanner.peek().startsWith('(') ? scanner.take() : ''),
    unexpected(expected) {
      const token = scanner.peek();
      const found = token === '' ? 'the end' : `"${token}"`;
      return new GraphQLError(`Expected ${expected} in "${text}", found ${found}.`);
    },
  };
  return scanner;
}
