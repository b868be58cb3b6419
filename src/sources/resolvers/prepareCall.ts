import { type GraphQLResolveInfo, Kind, print, type SelectionSetNode, visit } from 'graphql';
import type { SubgraphCall } from '../../Resolvers.ts';
import { parseFieldSet } from '../../supergraph/parseFieldSet.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';
import { namedType, printTypeRef, typeRef } from '../../supergraph/TypeRef.ts';
import { upstreamSelection } from './upstreamSelection.ts';

/** A path into the reply that leads to what was asked for. */
export interface PreparedSelection {
  readonly below?: readonly string[] | undefined;
}

/** One root field of one subgraph, ready to stand under an alias beside others. */
export interface PreparedCall {
  readonly subgraph: string;
  readonly operation: 'query' | 'mutation';
  /** In the subgraph's own names. */
  readonly field: string;
  readonly args: readonly { readonly name: string; readonly type: string; readonly value: unknown }[];
  /** With a space in front, or empty. */
  readonly selection: string;
  /** Variables inside the selection, the same for all calls of one group. */
  readonly sharedDefinitions: readonly string[];
  readonly sharedVariables: Readonly<Record<string, unknown>>;
  /** Equal calls have equal ones. */
  readonly identity: string;
  /** The graph's name of a type that the subgraph names. */
  typeName(sourceName: unknown): unknown;
}

interface Preparing {
  readonly supergraph: Supergraph;
  /** The gateway's name as a subgraph. */
  readonly gateway: string;
}

/** Throws where the call does not fit the subgraph: a mistake in a resolver. */
export function prepareCall(call: SubgraphCall & PreparedSelection, { supergraph, gateway }: Preparing): PreparedCall {
  const { subgraph, field, args = {}, info } = call;
  const { roots, subgraphs, types } = supergraph;
  const target = subgraphs.find(({ name }) => name === subgraph);
  const type = call.type ?? roots.query;
  const definition = types.get(type)?.fields.get(field);
  const owner = target === undefined ? undefined : definition?.owners.get(target.id);
  if (target === undefined) throw new Error(`There is no subgraph "${subgraph}".`);
  if (definition === undefined || owner === undefined || (type !== roots.query && type !== roots.mutation))
    throw new Error(`The subgraph "${subgraph}" has no root field "${type}.${field}".`);
  const sourceName = (name: string) => types.get(name)?.graphs.get(target.id)?.sourceName ?? name;
  const given = Object.entries(args).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const ref = definition.args.get(name);
    if (ref === undefined)
      throw new Error(`"${type}.${field}" of the subgraph "${subgraph}" has no argument "${name}".`);
    return [{ name, type: printTypeRef(ref, sourceName), value }];
  });
  const returns = namedType(definition.type);
  const options = { supergraph, graph: target.id, gateway: subgraphs.find(({ name }) => name === gateway)?.id ?? -1 };
  const wanted = wantedSelection(call, { supergraph, returns });
  const text =
    wanted === undefined
      ? ''
      : ` ${upstreamSelection(wanted, returns, { ...options, isStrict: call.selectionSet !== undefined })}`;
  const shared = info === undefined || wanted === undefined ? NONE : variablesIn(wanted, info, sourceName);
  const renamed = new Map(
    Object.entries(target.definition.renames?.types ?? {}).map(([name, source]) => [source, name]),
  );
  return {
    subgraph,
    operation: type === roots.mutation ? 'mutation' : 'query',
    field: owner.sourceName,
    args: given,
    selection: text,
    ...shared,
    identity: JSON.stringify([type, field, given, text]),
    typeName: (source) => (typeof source === 'string' ? (renamed.get(source) ?? source) : source),
  };
}

function wantedSelection(
  { selectionSet, info, below = [] }: SubgraphCall & PreparedSelection,
  { supergraph, returns }: { readonly supergraph: Supergraph; readonly returns: string },
): SelectionSetNode | undefined {
  if (selectionSet !== undefined) return parseFieldSet(selectionSet);
  const asked = (info?.fieldNodes ?? []).flatMap((node) => node.selectionSet?.selections ?? []);
  const inner: SelectionSetNode | undefined =
    asked.length === 0 ? undefined : { kind: Kind.SELECTION_SET, selections: asked };
  const set = below.reduceRight<SelectionSetNode | undefined>(
    (child, name) => ({
      kind: Kind.SELECTION_SET,
      selections: [
        {
          kind: Kind.FIELD,
          name: { kind: Kind.NAME, value: name },
          ...(child === undefined ? {} : { selectionSet: child }),
        },
      ],
    }),
    inner,
  );
  const kind = supergraph.types.get(returns)?.kind;
  const isComposite = kind === 'object' || kind === 'interface' || kind === 'union';
  if (isComposite && set === undefined)
    throw new Error(`"${returns}" needs a "selectionSet", or the "info" of a field that has one.`);
  return isComposite ? set : undefined;
}

const NONE = { sharedDefinitions: [], sharedVariables: {} } as const;

function variablesIn(
  set: SelectionSetNode,
  { operation, variableValues }: GraphQLResolveInfo,
  sourceName: (name: string) => string,
) {
  const names = new Set<string>();
  visit(set, { Variable: ({ name }) => void names.add(name.value) });
  const used = (operation.variableDefinitions ?? []).filter(({ variable }) => names.has(variable.name.value));
  const { coerced } = variableValues;
  return {
    sharedDefinitions: used.map(({ variable, type, defaultValue }) => {
      const fallback = defaultValue === undefined ? '' : ` = ${print(defaultValue)}`;
      return `$${variable.name.value}: ${printTypeRef(typeRef(type), sourceName)}${fallback}`;
    }),
    sharedVariables: Object.fromEntries(
      used.flatMap(({ variable: { name } }) =>
        Object.hasOwn(coerced, name.value) ? [[name.value, coerced[name.value]]] : [],
      ),
    ),
  };
}
