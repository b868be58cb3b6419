import { type ExecutionResult, GraphQLError, type OperationDefinitionNode, Source } from 'graphql';

/**
 * Errors of an operation that was prepared from a text which differs in the operation's name only, at their places in the client's own text. Results
 * are shared by clients that name the operation otherwise: this one is not changed.
 */
export function placeErrors<Result extends Pick<ExecutionResult, 'errors'>>(
  result: Result,
  own: OperationDefinitionNode,
  prepared: OperationDefinitionNode,
): Result {
  const { errors } = result;
  const place = prepared.name?.loc;
  const text = prepared.loc?.source.body;
  if (errors === undefined || place === undefined || text === undefined || own.name === undefined) return result;
  const name = own.name.value;
  const source = new Source(text.slice(0, place.start) + name + text.slice(place.end));
  const moved = (position: number) =>
    position < place.end ? position : position + name.length - (place.end - place.start);
  const placed = errors.map((error) => {
    const { message, positions, path, extensions } = error;
    if (positions === undefined) return error;
    return new GraphQLError(message, { source, positions: positions.map(moved), path, extensions });
  });
  return { ...result, errors: placed };
}
