import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import { createInputs } from './createInputs.ts';
import { isValid } from './createTrial.ts';
import type { Random } from './random.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Aliases that something else might have taken. */
const NASTY = [
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '_entities',
  '__type',
  '_typename',
  'id',
  'a',
  'b',
];
const POLITE = ['one', 'two', 'three'];
/** Names of variables that something else might have taken. */
const NAMES = ['representations', '_g1', '_r0', 'constructor', '__proto__', 'if', 'toString'];
const ATTEMPTS = 20;

/** What response keys mean at one position, so that no two uses of one contradict each other. */
type Scope = Map<string, Entry>;

interface Entry {
  readonly uses: Use[];
  readonly below: Scope;
}

interface Use {
  readonly parent: string;
  readonly isObject: boolean;
  /** Field and arguments. */
  readonly what: string;
  readonly type: string;
}

export interface OperationOptions {
  /** No alias or variable has a name that means something elsewhere, and nothing is asked for under conditions. */
  readonly isPolite?: boolean | undefined;
}

/** A valid operation: nested, with fragments of both kinds, aliases, repeated fields, arguments, variables and conditions. */
export function randomOperation(schema: GraphQLSchema, random: Random, options: OperationOptions = {}): Operation {
  for (let n = 0; n < ATTEMPTS; n += 1) {
    const { text, variables } = write(schema, random, options);
    const document = parse(text, { noLocation: true });
    if (isValid(schema, document)) return { document, variables };
  }
  throw new Error('Expected a valid operation, found none.');
}

interface Fragment {
  readonly name: string;
  readonly type: string;
  readonly scope: Scope;
  readonly text: string;
}

function write(schema: GraphQLSchema, random: Random, { isPolite = false }: OperationOptions) {
  const inputs = createInputs(random, isPolite ? [] : NAMES);
  const aliases = isPolite ? POLITE : NASTY;
  const fragments: Fragment[] = [];
  const composites = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !type.name.startsWith('__'),
  ) as GraphQLCompositeType[];
  const possible = (type: GraphQLCompositeType) => (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]);
  const overlapping = new Map<string, readonly GraphQLCompositeType[]>();
  const conditionShare = isPolite ? 0 : random.pick([0, 0, 0.1, 0.25]);
  const aliasShare = random.pick([0.05, 0.3]);
  const argumentsOf = new Map<string, string>();
  let budget = random.int(3, random.pick([30, 50, 150]));

  function fragmentTypes(type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
    const known = overlapping.get(type.name);
    if (known !== undefined) return known;
    const mine = new Set<GraphQLNamedType>(possible(type));
    const found = composites.filter((other) => possible(other).some((one) => mine.has(one)));
    overlapping.set(type.name, found);
    return found;
  }

  function selection(type: GraphQLCompositeType, scope: Scope, depth: number): string {
    const parts: string[] = [];
    const width = random.int(1, 4);
    for (let n = 0; n < width && (n === 0 || budget > 0); n += 1) {
      budget -= 1;
      const part = onePart(type, scope, depth);
      if (part !== undefined) parts.push(part);
    }
    return ` { ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
  }

  function onePart(type: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    if (random.chance(0.07)) return typename(type, scope);
    if (type === schema.getQueryType() && !isPolite && random.chance(0.03)) return introspection(scope);
    if (depth > 0 && random.chance(isAbstractType(type) ? 0.5 : 0.12)) {
      const types = isAbstractType(type) && random.chance(0.7) ? possible(type) : fragmentTypes(type);
      const on = types.length === 0 ? type : random.pick(types);
      if (random.chance(0.25)) return spread(on, scope, depth);
      const isBare = on === type && random.chance(0.5);
      return `...${isBare ? '' : ` on ${on.name}`}${inputs.condition(conditionShare)}${selection(on, scope, depth - (isBare ? 1 : 0))}`;
    }
    return isUnionType(type) ? typename(type, scope) : field(type, scope, depth);
  }

  function spread(type: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    const known = fragments.filter((fragment) => fragment.type === type.name);
    const fragment = known.length > 0 && random.chance(0.6) ? random.pick(known) : create(type, depth);
    if (!fits(scope, fragment.scope)) return undefined;
    absorb(scope, fragment.scope);
    return `...${fragment.name}${inputs.condition(conditionShare)}`;
  }

  function create(type: GraphQLCompositeType, depth: number): Fragment {
    const scope: Scope = new Map();
    const text = selection(type, scope, depth - 1);
    const fragment = { name: `F${fragments.length}`, type: type.name, scope, text };
    fragments.push(fragment);
    return fragment;
  }

  function typename(type: GraphQLCompositeType, scope: Scope): string | undefined {
    const alias = random.chance(0.2) ? random.pick(aliases) : '__typename';
    const use = { parent: type.name, isObject: isObjectType(type), what: '__typename', type: 'String!' };
    if (!admits(scope, alias, use)) return undefined;
    note(scope, alias, use);
    return `${alias === '__typename' ? '' : `${alias}: `}__typename${inputs.condition(conditionShare / 2)}`;
  }

  function introspection(scope: Scope): string | undefined {
    const name = random.pick(composites).name;
    const use = { parent: 'Query', isObject: true, what: `__type ${name}`, type: '__Type' };
    const key = random.pick(['__type', 'type']);
    if (!admits(scope, key, use)) return undefined;
    note(scope, key, use);
    return `${key === '__type' ? '' : `${key}: `}__type(name: "${name}")${inputs.condition(conditionShare)} { name kind __typename fields { name } }`;
  }

  function field(type: GraphQLCompositeType, scope: Scope, depth: number): string | undefined {
    if (isUnionType(type)) return undefined;
    const all = Object.values(type.getFields());
    const candidates = all.filter(
      (one) => (depth > 0 && budget > 0 && !one.name.startsWith('__')) || !isCompositeType(getNamedType(one.type)),
    );
    if (candidates.length === 0) return typename(type, scope);
    const chosen = random.pick(candidates);
    const named = getNamedType(chosen.type);
    const args = argumentsFor(type, chosen);
    const use = {
      parent: type.name,
      isObject: isObjectType(type),
      what: `${chosen.name}${args}`,
      type: String(chosen.type),
    };
    let key = random.chance(aliasShare)
      ? random.pick(isPolite ? aliases : [...aliases, ...all.map((one) => one.name)])
      : chosen.name;
    for (let n = 0; !admits(scope, key, use); n += 1) key = `${chosen.name}_${n}`;
    const below = note(scope, key, use);
    const alias = key === chosen.name ? '' : `${key}: `;
    const inner = isCompositeType(named) ? selection(named, below, depth - 1) : '';
    return `${alias}${chosen.name}${args}${inputs.condition(conditionShare)}${inner}`;
  }

  /** A subscription has one root field, under no condition. */
  function oneEvent(type: GraphQLCompositeType, depth: number): string {
    const text = field(type, new Map(), depth) ?? '__typename';
    return text
      .replace(/^([^{]*?) @(?:skip|include)\([^)]*\)/, '$1')
      .replace(/^([^{]*?) @(?:skip|include)\([^)]*\)/, '$1');
  }

  /** Often those that the field was asked for with before. */
  function argumentsFor(type: GraphQLCompositeType, chosen: GraphQLField<unknown, unknown>): string {
    const coordinate = `${type.name}.${chosen.name}`;
    const known = argumentsOf.get(coordinate);
    if (known !== undefined && random.chance(0.6)) return known;
    const args = inputs.args(chosen.args);
    argumentsOf.set(coordinate, args);
    return args;
  }

  const mutation = schema.getMutationType();
  const subscription = schema.getSubscriptionType();
  const isMutation = mutation != null && random.chance(0.2);
  const isSubscription = subscription != null && !isMutation && !isPolite && random.chance(0.15);
  const root = (isMutation ? mutation : isSubscription ? subscription : schema.getQueryType()) as GraphQLCompositeType;
  const depth = random.int(2, 7);
  const body = isSubscription ? ` { ${oneEvent(root, depth)} }` : selection(root, new Map(), depth);
  const definitions = fragments.map((one) => `fragment ${one.name} on ${one.type}${one.text}`);
  const kind = isMutation ? 'mutation' : isSubscription ? 'subscription' : 'query';
  const text = [`${kind}${inputs.definitions()}${body}`, ...definitions].join('\n');
  return { text: withoutUnusedFragments(text, fragments), variables: inputs.variables };
}

/** A fragment that did not fit where it was made for may be used nowhere. */
function withoutUnusedFragments(text: string, fragments: readonly Fragment[]): string {
  for (const { name } of [...fragments].reverse())
    if (!new RegExp(`\\.\\.\\.${name}\\b`).test(text))
      return withoutUnusedFragments(
        text.replace(new RegExp(`\\nfragment ${name} .*`), ''),
        fragments.filter((one) => one.name !== name),
      );
  return text;
}

function admits(scope: Scope, key: string, use: Use): boolean {
  return (scope.get(key)?.uses ?? []).every(
    (other) =>
      other.type === use.type &&
      (other.what === use.what || (other.isObject && use.isObject && other.parent !== use.parent)),
  );
}

function note(scope: Scope, key: string, use: Use): Scope {
  const entry: Entry = scope.get(key) ?? { uses: [], below: new Map() };
  scope.set(key, entry);
  entry.uses.push(use);
  return entry.below;
}

function fits(scope: Scope, other: Scope): boolean {
  return [...other].every(
    ([key, { uses, below }]) =>
      uses.every((use) => admits(scope, key, use)) && fits(scope.get(key)?.below ?? new Map(), below),
  );
}

function absorb(scope: Scope, other: Scope): void {
  for (const [key, { uses, below }] of other) {
    for (const use of uses) note(scope, key, use);
    absorb(scope.get(key)?.below ?? new Map(), below);
  }
}
