import { Kind, type SelectionSetNode } from 'graphql';
import type { FieldOwner, Supergraph, TypeInfo } from '../Supergraph.ts';
import { namedType } from '../TypeRef.ts';
import { implies, type Requirement, requirementText, unite } from './Requirement.ts';

/** What a caller needs for fields, as they are selected. */
export interface FieldRequirements {
  /**
   * For a field that is selected on this type: what it, its type and the type of its value need, and what it is made of. On an interface that is what
   * each implementation needs. One object for all that need the same; undefined where nothing is needed.
   */
  of(type: string, field: string): Requirement | undefined;
}

/** Undefined for a supergraph that protects nothing. */
export function fieldRequirements(supergraph: Supergraph): FieldRequirements | undefined {
  if (supergraph.requirements.size === 0) return undefined;
  const known = new Map<string, Requirement | undefined>();
  const alike = new Map<string, Requirement>();
  const intern = (found: readonly Requirement[]) => {
    const united = unite(found);
    if (united === undefined) return undefined;
    const text = requirementText(united);
    const one = alike.get(text) ?? united;
    alike.set(text, one);
    return one;
  };
  const read = createReader(supergraph);
  return {
    of(type, field) {
      const coordinate = `${type}.${field}`;
      if (known.has(coordinate)) return known.get(coordinate);
      const found = intern(read(type, field));
      known.set(coordinate, found);
      return found;
    },
  };
}

/** What types say of their values, and interfaces of their implementations. */
function createTypeReader({ types, requirements }: Supergraph) {
  const imposed = new Map<string, readonly Requirement[]>();
  const own = (coordinate: string) => requirements.get(coordinate) ?? [];
  const above = ({ supertypes }: TypeInfo): readonly TypeInfo[] =>
    [...supertypes].flatMap((name) => types.get(name) ?? []).filter(({ kind }) => kind === 'interface');

  /**
   * What an interface (or its field) imposes on its implementations. Composers write there what the implementations need, all of it together: that is
   * not imposed on each of them.
   */
  function imposedBy(name: string, field = ''): readonly Requirement[] {
    const coordinate = `${name}${field}`;
    const known = imposed.get(coordinate);
    if (known !== undefined) return known;
    const requirement = requirements.get(coordinate);
    const together = unite((types.get(name)?.possible ?? []).flatMap((type) => own(`${type}${field}`)));
    const isSummary = requirement !== undefined && together !== undefined && implies(together, requirement);
    const found = requirement === undefined || isSummary ? [] : [requirement];
    imposed.set(coordinate, found);
    return found;
  }

  function value(name: string): readonly Requirement[] {
    const info = types.get(name);
    if (info?.kind !== 'object' && info?.kind !== 'interface') return [own(name)].flat();
    const itself = info.kind === 'interface' ? imposedBy(name) : own(name);
    return [itself, ...above(info).map((one) => imposedBy(one.name))].flat();
  }

  return { own, above, imposedBy, value };
}

function createReader(supergraph: Supergraph) {
  const { types } = supergraph;
  const { own, above, imposedBy, value } = createTypeReader(supergraph);

  function field(type: string, name: string): readonly Requirement[] {
    const found: Requirement[] = [];
    collectField({ type, name, seen: new Set(), found });
    return found;
  }

  function collectField({
    type,
    name,
    seen,
    found,
  }: Collecting & { readonly type: string; readonly name: string }): void {
    const coordinate = `${type}.${name}`;
    const info = types.get(type);
    if (info === undefined || name.startsWith('__') || seen.has(coordinate)) return;
    seen.add(coordinate);
    const interfaces = above(info);
    found.push(...[own(type), own(coordinate)].flat());
    for (const one of interfaces) found.push(...imposedBy(one.name), ...imposedBy(one.name, `.${name}`));
    const declared = info.fields.get(name);
    if (declared !== undefined) found.push(...value(namedType(declared.type)));
    if (info.kind === 'interface')
      for (const implementation of info.possible) collectField({ type: implementation, name, seen, found });
    // An interface object's field is its implementations', too.
    for (const one of [info, ...interfaces])
      for (const owner of one.fields.get(name)?.owners.values() ?? []) collectOwner(type, owner, { seen, found });
  }

  /** Whoever the planner takes: it must not show which. */
  function collectOwner(type: string, { requires, arguments: args = [] }: FieldOwner, collecting: Collecting): void {
    if (requires !== undefined) collectSelection(type, requires, collecting);
    for (const { context, selection } of args) {
      const setting = context === undefined ? [type] : [...types.values()].filter((info) => info.contexts.has(context));
      for (const entry of setting)
        collectSelection(typeof entry === 'string' ? entry : entry.name, selection, collecting);
    }
  }

  function collectSelection(type: string, { selections }: SelectionSetNode, collecting: Collecting): void {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) continue;
      if (node.kind === Kind.INLINE_FRAGMENT) {
        collectSelection(node.typeCondition?.name.value ?? type, node.selectionSet, collecting);
        continue;
      }
      collectField({ type, name: node.name.value, ...collecting });
      const declared = types.get(type)?.fields.get(node.name.value);
      if (node.selectionSet !== undefined && declared !== undefined)
        collectSelection(namedType(declared.type), node.selectionSet, collecting);
    }
  }

  return field;
}

interface Collecting {
  readonly seen: Set<string>;
  readonly found: Requirement[];
}
