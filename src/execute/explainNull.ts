import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors/codes.ts';
import { errorsBelow, type RelayedError } from './ErrorNode.ts';
import { failuresBehind } from './failuresBehind.ts';
import type { Completing, Path, Projection, Value } from './Projection.ts';
import { responsePath } from './responsePath.ts';

/** Puts the errors that explain a null at its place. */
export function relayAt(value: Value, context: Completing): null {
  const { field, path, projection } = context;
  const reported = value.errors.flatMap((node) => errorsBelow(node));
  const placed = reported.map(({ error, path: below }) => ({ error, below, own: responsePath(field.child, below) }));
  // Of a field that is not selected here an error is the reason only where there is no other.
  const selected = placed.filter(({ below, own }) => own.length === below.length);
  for (const one of placed) one.error.used = true;
  for (const { error, own } of selected.length > 0 ? selected : placed) add(error, [...path, ...own], projection);
  if (reported.length === 0) for (const error of behind(value, context)) add(error, path, projection);
  return null;
}

function behind(value: Value, { field, here, projection }: Completing): readonly RelayedError[] {
  return value.whole ? failuresBehind(field, here, projection) : [];
}

export function isExplained(value: Value, context: Completing): boolean {
  return value.errors.some((node) => errorsBelow(node).length > 0) || behind(value, context).length > 0;
}

function add(error: RelayedError, path: Path, { errors }: Projection): void {
  error.used = true;
  errors.push(new GraphQLError(error.message, { path, extensions: error.extensions }));
}

export function invalid(context: Completing, message: string): null {
  report(context, 'INVALID_VALUE', message);
  return null;
}

export function report({ projection, field, here, path }: Completing, code: ErrorCode, message: string): void {
  const graph = here.position.slots[field.reads[0]?.slot ?? 0]?.graph;
  const subgraph = graph === undefined ? undefined : projection.supergraph.subgraphs[graph]?.name;
  projection.errors.push(
    new GraphQLError(message, { path, extensions: subgraph === undefined ? { code } : { code, subgraph } }),
  );
}
