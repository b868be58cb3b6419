import { wholeGraph } from '../supergraph/partInterfaceObjects.ts';
import type { Supergraph } from '../supergraph/Supergraph.ts';
import { dependencies } from './createBuilder.ts';
import { AT_ONCE } from './defers.ts';
import { ALWAYS, type GuardTable } from './guards.ts';
import type { Call, Fetch, ShapeField } from './Plan.ts';
import { createUses, printSelection } from './printUpstream.ts';

/** Puts calls that may leave together into one fetch each, and equal ones into one call. */
export function createFetches(calls: readonly Call[], supergraph: Supergraph, guards: GuardTable): Fetch[] {
  const levels = new Map<Call, number>();
  const levelOf = (call: Call): number => {
    const known = levels.get(call);
    if (known !== undefined) return known;
    const level = Math.max(-1, ...[...dependencies(call)].map(levelOf)) + 1;
    levels.set(call, level);
    return level;
  };
  const groups = new Map<string, Call[]>();
  for (const call of [...calls].sort((a, b) => levelOf(a) - levelOf(b) || a.id - b.id)) {
    const name = `${levelOf(call)} ${wholeGraph(supergraph.subgraphs, call.graph)} ${call.operation} ${call.defer}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [call]);
    else group.push(call);
  }
  const fetchOf = new Map<Call, number>();
  const grouped = [...groups.values()];
  for (const [id, group] of grouped.entries()) for (const call of group) fetchOf.set(call, id);
  return grouped.map((group, id) => {
    const deps = new Set(group.flatMap((call) => [...dependencies(call)].map((dep) => fetchOf.get(dep) ?? -1)));
    const [first] = group;
    return {
      id,
      graph: first?.graph ?? 0,
      operation: first?.operation ?? ('query' as Fetch['operation']),
      defer: first?.defer ?? AT_ONCE,
      deps: [...deps].filter((dep) => dep !== id && dep >= 0).sort((a, b) => a - b),
      calls: shareEqualCalls(group, supergraph, guards),
    };
  });
}

function shareEqualCalls(group: readonly Call[], supergraph: Supergraph, guards: GuardTable): Call[] {
  const kept = new Map<string, Call>();
  for (const call of group) {
    const name = call.lookup === null ? `call ${call.id}` : signature(call, supergraph);
    const first = kept.get(name);
    if (first === undefined) kept.set(name, call);
    else {
      call.sharedWith = first;
      first.sites.push(...call.sites);
      first.isPlain ||= call.isPlain;
      first.guard = guards.or(first.guard ?? ALWAYS, call.guard ?? ALWAYS);
    }
  }
  return [...kept.values()];
}

/** Equal text means equal work: the same lookup of the same type with the same representation, for the same selection. */
function signature(call: Call, supergraph: Supergraph): string {
  const selection = printSelection(call.node, supergraph, {
    names: { prefix: '_', representations: 'representations' },
    uses: createUses(),
    argument: (index) => `$${index}`,
  });
  const { merge, definition, kind } = call.lookup ?? {};
  return JSON.stringify([
    kind,
    call.type,
    merge ?? definition ?? null,
    representationText(call.sites[0]?.representation ?? []),
    call.arguments.map((argument, index) => [argument, representationText(call.sites[0]?.arguments[index] ?? [])]),
    selection,
  ]);
}

export function representationText(fields: readonly ShapeField[]): string {
  return fields
    .map((field) => {
      const name = `${field.key}${field.args}${field.guard === 0 ? '' : `?${field.guard}`}`;
      if (field.child === null) return name;
      const branches = [...(field.child.branches?.byType ?? [])].map(
        ([type, shape]) => `... on ${type} { ${representationText(shape.fields)} }`,
      );
      return `${name} { ${[representationText(field.child.fields), ...branches].filter((text) => text !== '').join(' ')} }`;
    })
    .join(' ');
}
