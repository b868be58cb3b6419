import { type DocumentNode, type FieldNode, Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Caller } from '../../src/execute/Source.ts';
import type { Subgraph } from '../../src/supergraph/Subgraph.ts';
import { callerWith, protect } from '../support/protect.ts';
import { mergeDefinitions, type TypeNode } from './executableSchema.ts';
import type { Random } from './random.ts';
import { readWorld } from './World.ts';

/** What somebody may do: whether he is known, his scopes, the policies that he meets. */
export interface Grants {
  readonly isKnown: boolean;
  readonly scopes: readonly string[];
  readonly policies: readonly string[];
}

type Names = readonly (readonly string[])[];

interface Mark {
  readonly authenticated: boolean;
  readonly scopes: Names | null;
  readonly policies: Names | null;
}

/** A supergraph with directives by chance, and what they mean: read from the directives and the subgraphs alone. */
export interface Protection {
  readonly sdl: string;
  /** Whether somebody may not read a field that is selected on this type. */
  isDenied(grants: Grants, type: string, field: string): boolean;
}

const SCOPES = ['s0', 's1', 's2'];
const POLICIES = ['p0', 'p1'];

export function randomGrants(random: Random): Grants {
  const isKnown = random.chance(0.8);
  return {
    isKnown,
    scopes: isKnown ? random.some(SCOPES, 0.5) : [],
    policies: random.some(POLICIES, 0.5),
  };
}

export function callerOf({ isKnown, scopes }: Grants): Caller | undefined {
  return isKnown ? callerWith(...scopes) : undefined;
}

export function randomProtection(sdl: string, subgraphs: readonly Subgraph[], random: Random): Protection {
  const types = mergeDefinitions(parse(sdl, { noLocation: true }));
  const marks = new Map<string, Mark>();
  const marked = coordinatesIn(types);
  for (let n = random.int(1, random.pick([2, 6, 15])); n > 0; n -= 1)
    marks.set(random.pick(marked), randomMark(random));
  if (random.chance(0.3)) summarize(types, marks);
  const texts = Object.fromEntries([...marks].map(([coordinate, mark]) => [coordinate, markText(mark)]));
  const all = new Map([...marks].map(([coordinate, mark]) => [coordinate, [mark]] as const));
  return { sdl: protect(sdl, texts), isDenied: denial(types, all, { subgraphs, sumsUp: true }) };
}

export interface MarkedSubgraphs {
  readonly subgraphs: readonly Subgraph[];
  readonly isDenied: Protection['isDenied'];
}

/** Subgraphs with directives by chance, each its own. `sdl` is the supergraph without them. */
export function randomMarks(sdl: string, subgraphs: readonly Subgraph[], random: Random): MarkedSubgraphs {
  const marks = new Map<string, Mark[]>();
  const marked = subgraphs.map((subgraph) => {
    const own = coordinatesIn(mergeDefinitions(parse(subgraph.sdl, { noLocation: true })));
    const texts: Record<string, string> = {};
    for (let n = own.length === 0 ? 0 : random.int(0, random.pick([1, 3, 6])); n > 0; n -= 1) {
      const coordinate = random.pick(own);
      if (texts[coordinate] !== undefined) continue;
      const mark = randomMark(random);
      texts[coordinate] = markText(mark);
      marks.set(coordinate, [...(marks.get(coordinate) ?? []), mark]);
    }
    const imported = subgraph.sdl.replace('"@fromContext"]', `"@fromContext", ${IMPORTS}]`);
    return { ...subgraph, sdl: protect(imported, texts) };
  });
  const types = mergeDefinitions(parse(sdl, { noLocation: true }));
  return { subgraphs: marked, isDenied: denial(types, marks, { subgraphs, sumsUp: false }) };
}

const IMPORTS = ['authenticated', 'requiresScopes', 'policy'].map((name) => `"@${name}"`).join(', ');

function coordinatesIn(types: ReadonlyMap<string, TypeNode>): string[] {
  return [...types].flatMap(([name, node]) => {
    if (/^(join|link|weft)__/.test(name)) return [];
    const own = fieldsOf(node).filter(({ directives = [] }) =>
      directives.every((one) => one.name.value !== 'external'),
    );
    const fields = own.map((field) => `${name}.${field.name.value}`);
    if (node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.SCALAR_TYPE_DEFINITION) return [name];
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    return ROOTS.has(name) ? fields : [name, ...fields, ...fields];
  });
}

/** Interfaces say what one of their implementations needs, as composers write it. */
function summarize(types: ReadonlyMap<string, TypeNode>, marks: Map<string, Mark>): void {
  for (const node of types.values())
    for (const above of node.kind === Kind.OBJECT_TYPE_DEFINITION ? (node.interfaces ?? []) : []) {
      const one = types.get(above.name.value);
      for (const field of ['', ...(one === undefined ? [] : fieldsOf(one).map(({ name }) => `.${name.value}`))]) {
        const mark = marks.get(node.name.value + field);
        if (mark !== undefined) marks.set(above.name.value + field, mark);
      }
    }
}

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

function randomMark(random: Random): Mark {
  const lists = (names: readonly string[]) =>
    Array.from({ length: random.int(1, 2) }, () => random.some(names, 0.4, 1));
  const authenticated = random.chance(0.3);
  const scopes = random.chance(0.6) || !authenticated ? lists(SCOPES) : null;
  return { authenticated, scopes, policies: random.chance(0.2) ? lists(POLICIES) : null };
}

function markText({ authenticated, scopes, policies }: Mark): string {
  return [
    ...(authenticated ? ['@authenticated'] : []),
    ...(scopes === null ? [] : [`@requiresScopes(scopes: ${JSON.stringify(scopes)})`]),
    ...(policies === null ? [] : [`@policy(policies: ${JSON.stringify(policies)})`]),
  ].join(' ');
}

function isMet(marks: readonly Mark[] | undefined, grants: Grants): boolean {
  return marks === undefined || marks.every((mark) => isOneMet(mark, grants));
}

function isOneMet(mark: Mark, grants: Grants): boolean {
  const any = (names: Names | null, own: readonly string[]) =>
    names === null || names.some((list) => list.every((name) => own.includes(name)));
  return (
    (grants.isKnown || !mark.authenticated) && any(mark.scopes, grants.scopes) && any(mark.policies, grants.policies)
  );
}

const ALL_GRANTS: readonly Grants[] = subsets(SCOPES).flatMap((scopes) =>
  subsets(POLICIES).flatMap((policies) => [true, false].map((isKnown) => ({ isKnown, scopes, policies }))),
);

function subsets(names: readonly string[]): readonly (readonly string[])[] {
  return names.reduce<string[][]>((found, name) => found.flatMap((one) => [one, [...one, name]]), [[]]);
}

interface Denying {
  readonly subgraphs: readonly Subgraph[];
  /** Whether an interface may only sum up what its implementations say. */
  readonly sumsUp: boolean;
}

interface Made {
  readonly type: string;
  readonly selection: SelectionSetNode;
}

function denial(
  types: ReadonlyMap<string, TypeNode>,
  marks: ReadonlyMap<string, readonly Mark[]>,
  { subgraphs, sumsUp }: Denying,
): Protection['isDenied'] {
  const interfacesOf = (type: string) => {
    const node = types.get(type);
    return node !== undefined && 'interfaces' in node ? (node.interfaces ?? []).map(({ name }) => name.value) : [];
  };
  const implementations = (name: string) =>
    [...types.values()].flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && interfacesOf(node.name.value).includes(name)
        ? [node.name.value]
        : [],
    );
  const typeOf = (type: string, field: string) => {
    const node = types.get(type);
    const found = node === undefined ? undefined : fieldsOf(node).find(({ name }) => name.value === field);
    let named = found?.type;
    while (named !== undefined && named.kind !== Kind.NAMED_TYPE) named = named.type;
    return named?.name.value;
  };
  /** An interface imposes what is no mere summary of its implementations. */
  const imposes = (name: string, field: string) => {
    const mark = marks.get(name + field);
    const own = implementations(name).flatMap((type) => marks.get(type + field) ?? []);
    if (mark === undefined) return undefined;
    if (own.length === 0 || !sumsUp) return mark;
    const isSummary = ALL_GRANTS.every((grants) => isMet(mark, grants) || own.some((one) => !isOneMet(one, grants)));
    return isSummary ? undefined : mark;
  };
  const madeOf = readMadeOf(subgraphs);

  function isValueDenied(grants: Grants, type: string): boolean {
    const isInterface = types.get(type)?.kind === Kind.INTERFACE_TYPE_DEFINITION;
    const own = isInterface ? imposes(type, '') : marks.get(type);
    return !isMet(own, grants) || interfacesOf(type).some((above) => !isMet(imposes(above, ''), grants));
  }

  function isDenied(grants: Grants, type: string, field: string, seen: Set<string>): boolean {
    if (field.startsWith('__') || seen.has(`${type}.${field}`)) return false;
    seen.add(`${type}.${field}`);
    const above = interfacesOf(type);
    const value = typeOf(type, field);
    return (
      !isMet(marks.get(type), grants) ||
      !isMet(marks.get(`${type}.${field}`), grants) ||
      above.some((one) => !isMet(imposes(one, ''), grants) || !isMet(imposes(one, `.${field}`), grants)) ||
      (value !== undefined && isValueDenied(grants, value)) ||
      (types.get(type)?.kind === Kind.INTERFACE_TYPE_DEFINITION &&
        implementations(type).some((one) => isDenied(grants, one, field, seen))) ||
      madeOf(type, above, field).some((made) => isAnyDenied(grants, made, seen))
    );
  }

  function isAnyDenied(grants: Grants, { type, selection }: Made, seen: Set<string>): boolean {
    return selection.selections.some((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return false;
      if (node.kind === Kind.INLINE_FRAGMENT)
        return isAnyDenied(
          grants,
          { type: node.typeCondition?.name.value ?? type, selection: node.selectionSet },
          seen,
        );
      if (isDenied(grants, type, node.name.value, seen)) return true;
      const below = typeOf(type, node.name.value);
      if (node.selectionSet === undefined || below === undefined) return false;
      return isAnyDenied(grants, { type: below, selection: node.selectionSet }, seen);
    });
  }

  return (grants, type, field) => isDenied(grants, type, field, new Set());
}

/** What a field requires or takes from a context in any subgraph, whichever labels of overrides are active. */
function readMadeOf(subgraphs: readonly Subgraph[]) {
  const graphs = [true, false].flatMap((active) => readWorld(subgraphs, () => active).graphs);
  return (type: string, above: readonly string[], field: string): Made[] =>
    graphs.flatMap(({ types }) =>
      [type, ...above].flatMap((name) => {
        const found = types.get(name)?.fields.get(field);
        if (found === undefined || found.isOverridden || found.external) return [];
        const required = found.requires === null ? [] : [{ type, selection: found.requires }];
        const contextual = found.contextual.flatMap(({ context, selection }) =>
          [...types.values()].flatMap((one) => (one.contexts.includes(context) ? [{ type: one.name, selection }] : [])),
        );
        return [...required, ...contextual];
      }),
    );
}

function fieldsOf(node: TypeNode) {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (node.fields ?? [])
    : [];
}

export interface Told {
  /** The same operation, in which what is denied selects nothing. */
  readonly document: DocumentNode;
  /** The fields that are denied, of that document. */
  readonly denied: ReadonlySet<FieldNode>;
  /** The operation with names of types in their places: whose field it is has to be known. */
  readonly without: DocumentNode;
}

/** No value is of this type. */
const NEVER: SelectionNode = {
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '__Never' } },
  selectionSet: { kind: Kind.SELECTION_SET, selections: [] },
};
const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function typename({ directives }: FieldNode): FieldNode {
  aliases += 1;
  const name = { kind: Kind.NAME, value: '__typename' } as const;
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: `denied${aliases}` }, name, directives };
}

let aliases = 0;

/** Tells the fields of an operation that are denied: each by the type that its selection set is written for. */
export function tellDenied(
  document: DocumentNode,
  schemaText: string,
  isDenied: (type: string, field: string) => boolean,
): Told {
  const types = mergeDefinitions(parse(schemaText, { noLocation: true }));
  const denied = new Set<FieldNode>();
  const below = (type: string, field: string) => {
    const node = types.get(type);
    let named = node === undefined ? undefined : fieldsOf(node).find(({ name }) => name.value === field)?.type;
    while (named !== undefined && named.kind !== Kind.NAMED_TYPE) named = named.type;
    return named?.name.value ?? '';
  };
  const walk = (set: SelectionSetNode, type: string, drops: boolean): SelectionSetNode => {
    const selections = set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return [node];
      if (node.kind === Kind.INLINE_FRAGMENT)
        return [{ ...node, selectionSet: walk(node.selectionSet, node.typeCondition?.name.value ?? type, drops) }];
      if (isDenied(type, node.name.value)) {
        if (drops) return [typename(node)];
        const empty: FieldNode =
          node.selectionSet === undefined
            ? { ...node }
            : { ...node, selectionSet: { ...node.selectionSet, selections: [NEVER] } };
        denied.add(empty);
        return [empty];
      }
      if (node.selectionSet === undefined) return [node];
      return [{ ...node, selectionSet: walk(node.selectionSet, below(type, node.name.value), drops) }];
    });
    return { ...set, selections: selections.length === 0 ? [TYPENAME] : selections };
  };
  const rewrite = (drops: boolean): DocumentNode => ({
    ...document,
    definitions: document.definitions.map((node) => {
      if (node.kind === Kind.FRAGMENT_DEFINITION)
        return { ...node, selectionSet: walk(node.selectionSet, node.typeCondition.name.value, drops) };
      if (node.kind !== Kind.OPERATION_DEFINITION) return node;
      const root = `${node.operation[0]?.toUpperCase()}${node.operation.slice(1)}`;
      return { ...node, selectionSet: walk(node.selectionSet, root, drops) };
    }),
  });
  const told = rewrite(false);
  return { document: told, denied, without: rewrite(true) };
}
