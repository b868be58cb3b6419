import { GatewayError } from '../errors/GatewayError.ts';
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
export function errorsBelow(node: ErrorNode | undefined, path: readonly (string | number)[] = []): { readonly error: RelayedError; readonly path: readonly (string | number)[] }[] {
  if (node === undefined) return [];
  const own = node.errors.map((error) => ({ error, path }));
  return [...own, ...[...node.children].flatMap(([step, child]) => errorsBelow(child, [...path, step]))];
}

/** A subgraph's own error: its message and extensions as they are, plus where it comes from. */
export function relay(error: SourceError, subgraph: string): RelayedError {
  const code = error.extensions?.['code'];
  return {
    message: error.message,
    extensions: { ...error.extensions, code: typeof code === 'string' ? code : 'SUBGRAPH_ERROR', subgraph },
    used: false,
  };
}

/** The failure of a whole call. Only a `GatewayError` may be read by a client. */
export function relayFailure(failure: unknown, subgraph: string): RelayedError {
  if (failure instanceof GatewayError) {
    return { message: failure.message, extensions: { ...failure.extensions, subgraph }, used: false };
  }
  return { message: `The subgraph "${subgraph}" could not be asked.`, extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph }, used: false };
}
