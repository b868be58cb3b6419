import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import type { FieldOwner, Supergraph } from '../Supergraph.ts';

/** An object type as a client reaches it: the fields on the way there, and the contexts that are set on it or above. */
interface Reached {
  readonly type: GraphQLObjectType;
  readonly way: readonly string[];
  readonly contexts: ReadonlySet<string>;
}

/** Fields that take arguments from a context which is not set on every way to them. */
export function checkContexts({ types, subgraphs, clientSchema }: Supergraph): Issue[] {
  const owners = (type: string, field: string) => [...(types.get(type)?.fields.get(field)?.owners.values() ?? [])];
  const issues = new Map<string, Issue>();
  for (const { type, way, contexts } of reachable(clientSchema, (name) => types.get(name)?.contexts ?? new Set()))
    for (const field of Object.keys(type.getFields())) {
      const coordinate = `${type.name}.${field}`;
      const all = owners(type.name, field).map((owner) => ({ owner, missing: missingOf(owner, contexts) }));
      const [first] = all;
      if (first?.missing === undefined || issues.has(coordinate)) continue;
      if (all.some(({ missing }) => missing === undefined)) continue;
      const { name, context = '' } = first.missing;
      issues.set(coordinate, {
        message: `"${coordinate}" takes its argument "${name}" from the context "${context.split('__').at(-1)}", which nothing sets on the way "${[...way, field].join(' { ')}${' }'.repeat(way.length)}".`,
        code: 'SATISFIABILITY_ERROR',
        path: coordinate,
        subgraphs: [subgraphs[first.owner.graph]?.name ?? ''],
      });
    }
  return [...issues.values()];
}

function missingOf({ arguments: all = [] }: FieldOwner, contexts: ReadonlySet<string>) {
  return all.find(({ context }) => context !== undefined && !contexts.has(context));
}

/** Each object type by its shortest ways, as often as it is reached with fewer or other contexts. */
function reachable(schema: GraphQLSchema, contextsOf: (type: string) => ReadonlySet<string>): Reached[] {
  const found: Reached[] = [];
  const byType = new Map<string, ReadonlySet<string>[]>();
  const reach = (type: GraphQLObjectType, way: readonly string[], above: ReadonlySet<string>): void => {
    const contexts = new Set([...above, ...contextsOf(type.name)]);
    const known = byType.get(type.name) ?? [];
    if (known.some((other) => [...other].every((context) => contexts.has(context)))) return;
    byType.set(type.name, [...known, contexts]);
    found.push({ type, way, contexts });
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root !== undefined && root !== null) reach(root, [], new Set());
  // It grows while it is gone through.
  for (const next of found)
    for (const field of Object.values(next.type.getFields())) {
      const type = getNamedType(field.type);
      for (const one of isAbstractType(type) ? schema.getPossibleTypes(type) : [type])
        if (isObjectType(one)) reach(one, [...next.way, field.name], next.contexts);
    }
  return found;
}
