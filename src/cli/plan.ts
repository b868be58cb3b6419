import { readFile } from 'node:fs/promises';
import { GraphQLError, getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql';
import { IssuesError } from '../errors/Issue.ts';
import { prepareOperation } from '../execute/prepareOperation.ts';
import { createRouter } from '../plan/createRouter.ts';
import { printPlan } from '../plan/printPlan.ts';
import { parseSupergraph } from '../supergraph/parseSupergraph.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import type { CommandValues } from './commands.ts';
import { supergraphSdl } from './supergraphSdl.ts';
import { UsageError } from './UsageError.ts';

/** Prints the plan of an operation. Rejects with an `IssuesError` where the operation doesn't fit the schema or its variables. */
export async function plan(values: CommandValues): Promise<number> {
  const { operation: file, 'operation-name': name, variables } = values;
  if (typeof file !== 'string') throw new UsageError('Option "--operation FILE" is required.');
  const given = readVariables(variables);
  const text = await readOperation(file);
  const supergraph = parseSupergraph(await supergraphSdl(values));
  const document = checked(file, () => parse(text));
  const problems = validate(supergraph.clientSchema, document);
  if (problems.length > 0) throw toIssues(file, problems);
  const prepared = checked(file, () =>
    prepareOperation(document, typeof name === 'string' ? name : undefined, createRouter(supergraph)),
  );
  if (given !== undefined) checkVariables(supergraph, prepared.definition, given);
  process.stdout.write(`${printPlan(prepared.plan, prepared.documents, supergraph)}\n`);
  return 0;
}

async function readOperation(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new IssuesError('The operation cannot be read.', [
      { file, message: `Expected a GraphQL document: ${reason}` },
    ]);
  }
}

function readVariables(text: string | boolean | undefined): Readonly<Record<string, unknown>> | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // The same message as for JSON of another type.
  }
  throw new UsageError(`Option "--variables" needs a JSON object; got "${text}".`);
}

function checkVariables(
  { clientSchema }: Supergraph,
  definition: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): void {
  const result = getVariableValues(clientSchema, definition.variableDefinitions ?? [], given);
  if (result.errors !== undefined) throw toIssues('--variables', result.errors);
}

function checked<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof GraphQLError ? toIssues(file, [error]) : error;
  }
}

function toIssues(file: string, errors: readonly GraphQLError[]): IssuesError {
  const issues = errors.map(({ message, locations }) => ({
    file,
    line: locations?.[0]?.line,
    column: locations?.[0]?.column,
    message,
  }));
  return new IssuesError('The operation cannot be planned.', issues);
}
