import { GatewayError } from '../errors/GatewayError.ts';
import { relayedExtensions } from '../errors/relayedExtensions.ts';
import type { SourceError } from './Source.ts';

/** A subgraph's error on its way to the client. */
export interface RelayedError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Set once it has been put at a path of the client's document. */
  used: boolean;
}

/** Errors by their path in a reply. */
export interface ErrorNode {
  readonly errors: RelayedError[];
  readonly children: Map<string | number, ErrorNode>;
}

export function createErrorNode(): ErrorNode {
  return { errors: [], children: new Map() };
}

export function addError(root: ErrorNode, path: readonly (string | number)[], error: RelayedError): void {
  let node = root;
  for (const step of path) {
    const next = node.children.get(step) ?? createErrorNode();
    node.children.set(step, next);
    node = next;
  }
  node.errors.push(error);
}

/** All errors at and below a node, with their paths below it. */
export function errorsBelow(
  node: ErrorNode | undefined,
  path: readonly (string | number)[] = [],
): { readonly error: RelayedError; readonly path: readonly (string | number)[] }[] {
  if (node === undefined) return [];
  const own = node.errors.map((error) => ({ error, path }));
  return [...own, ...[...node.children].flatMap(([step, child]) => errorsBelow(child, [...path, step]))];
}

/** A subgraph's own error: its message as it is, its extensions as far as a client may read them. */
export function relay(error: SourceError, subgraph: string): RelayedError {
  return { message: error.message, extensions: relayedExtensions(error.extensions, subgraph), used: false };
}

/** The failure of a whole call. Only a `GatewayError` may be read by a client. */
export function relayFailure(failure: unknown, subgraph: string): RelayedError {
  if (failure instanceof GatewayError) {
    return { message: failure.message, extensions: { ...failure.extensions, subgraph }, used: false };
  }
  return {
    message: `The subgraph "${subgraph}" could not be asked.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph },
    used: false,
  };
}
