import { type DocumentNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';

/** The values of `join__Graph` by the subgraphs' names. */
export function graphNames(supergraph: DocumentNode): ReadonlyMap<string, string> {
  const graphs = supergraph.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(
    values.map((value) => [String(directiveArguments(value, 'join__graph')[0]?.['name']), value.name.value]),
  );
}
