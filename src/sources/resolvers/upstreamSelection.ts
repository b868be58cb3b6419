import { type DirectiveNode, type FieldNode, Kind, print, type SelectionSetNode } from 'graphql';
import type { FieldInfo, FieldOwner, Supergraph } from '../../supergraph/Supergraph.ts';
import { namedType } from '../../supergraph/TypeRef.ts';

export interface SelectionOptions {
  readonly supergraph: Supergraph;
  /** Id of the subgraph that is asked. */
  readonly graph: number;
  /** Id of the gateway as a subgraph: whose fields are not the other's to answer. */
  readonly gateway: number;
  /** Whether a field that the subgraph does not have is an error, not the gateway's own. */
  readonly isStrict: boolean;
}

/** A selection in the names of the graph as text in the names of one subgraph; response keys stay. Throws where the subgraph lacks a field. */
export function upstreamSelection(set: SelectionSetNode, type: string, options: SelectionOptions): string {
  const { supergraph, graph, gateway } = options;
  const info = supergraph.types.get(type);
  const parts: string[] = info?.kind === 'interface' || info?.kind === 'union' ? ['__typename'] : [];
  let lacks = false;
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD)
      throw new Error(`Expected fields, found the fragment "${node.name.value}".`);
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const inner = node.typeCondition?.name.value ?? type;
      const inGraph = supergraph.types.get(inner)?.graphs.get(graph);
      if (inGraph === undefined) continue;
      const text = upstreamSelection(node.selectionSet, inner, options);
      parts.push(`... on ${inGraph.sourceName}${conditions(node.directives)} ${text}`);
      continue;
    }
    const name = node.name.value;
    if (name === '__typename') {
      parts.push(print(node));
      continue;
    }
    const field = info?.fields.get(name);
    const owner = field?.owners.get(graph);
    if (field === undefined || owner === undefined || owner.external) {
      if (options.isStrict)
        throw new Error(`The subgraph "${supergraph.subgraphs[graph]?.name}" has no field "${type}.${name}".`);
      lacks = true;
    } else parts.push(fieldText(node, { field, owner, options }));
  }
  // The gateway's own resolvers start from the key.
  if (lacks) {
    for (const { key } of info?.graphs.get(gateway)?.lookups ?? [])
      parts.push(upstreamSelection(key, type, options).slice(2, -2));
  }
  return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
}

function fieldText(
  { alias, name, arguments: args = [], directives, selectionSet }: FieldNode,
  {
    field,
    owner,
    options,
  }: { readonly field: FieldInfo; readonly owner: FieldOwner; readonly options: SelectionOptions },
): string {
  const key = alias?.value ?? name.value;
  const label = key === owner.sourceName ? key : `${key}: ${owner.sourceName}`;
  const list = args.length === 0 ? '' : `(${args.map(print).join(', ')})`;
  const inner = selectionSet === undefined ? '' : ` ${upstreamSelection(selectionSet, namedType(field.type), options)}`;
  return `${label}${list}${conditions(directives)}${inner}`;
}

function conditions(directives: readonly DirectiveNode[] = []): string {
  return directives.map((directive) => ` ${print(directive)}`).join('');
}
