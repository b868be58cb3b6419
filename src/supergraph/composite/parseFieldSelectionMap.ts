import { GraphQLError, Kind, parse, print } from 'graphql';
import { createScanner, type Scanner } from './createScanner.ts';
import type { FieldSelectionMap, MemberNode, PathNode } from './FieldSelectionMap.ts';

/**
 * Parses paths (`dimension.weight`), objects (`{ w: weight }`), lists (`parts[id]`), types (`media<Book>.title`), arguments
 * (`width(unit: METER)`) and choices (`{ id } | { sku }`). Throws a `GraphQLError` that says what was expected where.
 */
export function parseFieldSelectionMap(text: string): FieldSelectionMap {
  const scanner = createScanner(text);
  const map = readChoice(scanner);
  if (scanner.peek() !== '') throw scanner.unexpected('the end');
  return map;
}

function readChoice(scanner: Scanner): FieldSelectionMap {
  scanner.skip('|');
  const entries = [readEntry(scanner)];
  while (scanner.skip('|')) entries.push(readEntry(scanner));
  const [only, second] = entries;
  return only !== undefined && second === undefined ? only : { kind: 'choice', of: entries };
}

function readEntry(scanner: Scanner): FieldSelectionMap {
  if (scanner.peek() === '{') return readObject(scanner);
  // Not in the specification: the argument of a batch lookup is a list of keys.
  if (scanner.peek() === '[') return readList(scanner);
  return readPath(scanner);
}

function readPath(scanner: Scanner): PathNode {
  const on = readType(scanner);
  const name = scanner.name();
  return { kind: 'path', on, name, args: readArguments(scanner, name), of: readBelow(scanner) };
}

function readType(scanner: Scanner): string | undefined {
  if (!scanner.skip('<')) return undefined;
  const type = scanner.name();
  scanner.expect('>');
  scanner.expect('.');
  return type;
}

/** Printed, so that equal arguments are equal texts. */
function readArguments(scanner: Scanner, name: string): string {
  const text = scanner.args();
  if (text === '') return '';
  const [definition] = parse(`{ ${name}${text} }`, { noLocation: true }).definitions;
  const [field] = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
  const printed = field === undefined ? '' : print(field).slice(name.length);
  if (printed.replace(/"(?:\\.|[^"\\])*"/g, '').includes('$'))
    throw new GraphQLError(`Expected literal arguments of "${name}", found a variable.`);
  return printed;
}

function readBelow(scanner: Scanner): FieldSelectionMap | undefined {
  switch (scanner.peek()) {
    case '.':
      scanner.take();
      return scanner.peek() === '{' ? readObject(scanner) : readPath(scanner);
    case '<':
      return readPath(scanner);
    case '[':
      return readList(scanner);
    default:
      return undefined;
  }
}

function readList(scanner: Scanner): FieldSelectionMap {
  scanner.expect('[');
  const of = readChoice(scanner);
  scanner.expect(']');
  return { kind: 'list', of };
}

function readObject(scanner: Scanner): FieldSelectionMap {
  scanner.expect('{');
  const fields: MemberNode[] = [];
  while (!scanner.skip('}')) {
    const name = scanner.name();
    if (fields.some((field) => field.name === name))
      throw new GraphQLError(`Expected each input field once, found "${name}" twice.`);
    const value = scanner.skip(':')
      ? readChoice(scanner)
      : ({ kind: 'path', name, args: readArguments(scanner, name) } satisfies PathNode);
    fields.push({ name, value });
  }
  if (fields.length === 0) throw new GraphQLError('Expected at least one field between "{" and "}", found none.');
  return { kind: 'object', fields };
}
