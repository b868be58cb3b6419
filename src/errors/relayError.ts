import { type ASTNode, GraphQLError } from 'graphql';

/** An error as a subgraph reported it. */
interface ReportedError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

export interface RelayPlace {
  readonly subgraph: string;
  /** In terms of the client's answer. */
  readonly path?: readonly (string | number)[] | undefined;
  /** The fields of the client's document concerned. */
  readonly nodes?: readonly ASTNode[] | undefined;
}

/** A subgraph's own error for the client: its message and extensions, with the subgraph's name and a code in every case; never a stack. */
export function relayError(error: ReportedError, place: RelayPlace): GraphQLError {
  const {
    stacktrace: _stacktrace,
    stackTrace: _stackTrace,
    exception: _exception,
    stack: _stack,
    ...kept
  } = { ...error.extensions };
  return new GraphQLError(error.message, {
    nodes: place.nodes,
    path: place.path,
    extensions: {
      ...kept,
      code: typeof kept['code'] === 'string' ? kept['code'] : 'SUBGRAPH_ERROR',
      subgraph: place.subgraph,
    },
  });
}
