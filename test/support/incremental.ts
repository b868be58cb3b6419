import assert from 'node:assert/strict';
import {
  experimentalExecuteIncrementally,
  type GraphQLFieldResolver,
  legacyExecuteIncrementally,
  parse,
  validate,
} from 'graphql';
import type { IncrementalFormat } from '../../src/plan/defers.ts';
import { type Merged, mergeParts, type Part } from './mergeParts.ts';
import { type Data, type Entity, type Pair, read } from './monolith.ts';

export interface InParts {
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly format?: IncrementalFormat;
}

/** The gateway's payloads as a client reads them. */
export async function runInParts(
  { executor, schema }: Pick<Pair, 'executor' | 'schema'>,
  asked: InParts,
): Promise<Part[]> {
  const { operation, variables = {}, format = 'current' } = asked;
  const document = parse(operation);
  assert.deepEqual(validate(schema, document), []);
  return collect(await executor.executeInParts({ document, variables, context: { headers: new Headers() } }, format));
}

/** The payloads of graphql-js over one server with all of the data. */
export async function oneServerInParts({ schema }: Pick<Pair, 'schema'>, data: Data, asked: InParts): Promise<Part[]> {
  const { operation, variables = {}, format = 'current' } = asked;
  const run = format === 'legacy' ? legacyExecuteIncrementally : experimentalExecuteIncrementally;
  const result = await run({
    schema,
    document: parse(operation),
    rootValue: data.roots,
    variableValues: variables,
    fieldResolver: resolveField,
    typeResolver: (value) => (value as Entity)['__typename'] as string,
  });
  return collect(result);
}

/** Both of them, merged as a client does it: equal data, and errors at equal paths. */
export async function compareInParts(
  pair: Pair,
  data: Data,
  asked: InParts,
): Promise<{ readonly parts: readonly Part[]; readonly merged: Merged; readonly expected: Merged }> {
  const parts = await runInParts(pair, asked);
  const [merged, expected] = [mergeParts(parts), mergeParts(await oneServerInParts(pair, data, asked))];
  assert.deepEqual(merged.data, expected.data);
  assert.deepEqual(merged.errorPaths, expected.errorPaths);
  return { parts, merged, expected };
}

/** All payloads: of the gateway, whose first is one of many, and of graphql-js, which gives the first apart. */
export async function collect(result: unknown): Promise<Part[]> {
  if (typeof result !== 'object' || result === null) return [plain(result)];
  if ('initialResult' in result && 'subsequentResults' in result)
    return [plain(result.initialResult), ...(await collect(result.subsequentResults))];
  if (!(Symbol.asyncIterator in result)) return [plain(result)];
  const parts: Part[] = [];
  for await (const part of result as AsyncIterable<unknown>) parts.push(plain(part));
  return parts;
}

const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) =>
  read(source as Entity, info.fieldName, args);

function plain(value: unknown): Part {
  return JSON.parse(JSON.stringify(value)) as Part;
}
