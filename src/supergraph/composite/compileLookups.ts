import { type InputValueDefinitionNode, Kind, print, type TypeNode } from 'graphql';
import type { SourceIndex } from '../readSource.ts';
import type { LookupArgument, LookupDefinition } from '../Subgraph.ts';
import { namedType, type TypeRef, typeRef } from '../TypeRef.ts';
import { compileKey, type KeyProblem, type KeyTree, printKey } from './compileKey.ts';
import type { Reporter } from './createReporter.ts';
import { combine, expandMap, MOST_VARIANTS } from './expandMap.ts';
import type { FieldSelectionMap, MemberNode } from './FieldSelectionMap.ts';
import type { FoundLookup } from './findLookups.ts';
import { misfit } from './misfit.ts';
import { readMapArgument } from './readMapArgument.ts';

/** By entity type: each way in that a `@lookup` field is, one for each choice of its `@is`. Reports what is wrong with it. */
export function compileLookups(
  found: readonly FoundLookup[],
  index: SourceIndex,
  reporter: Reporter,
): Map<string, LookupDefinition[]> {
  const lookups = new Map<string, LookupDefinition[]>();
  for (const lookup of found)
    for (const [type, definition] of compileLookup(lookup, index, reporter))
      lookups.set(type, [...(lookups.get(type) ?? []), definition]);
  return lookups;
}

function compileLookup(
  { on, field, path }: FoundLookup,
  index: SourceIndex,
  reporter: Reporter,
): (readonly [string, LookupDefinition])[] {
  const coordinate = `${on}.${field.name.value}`;
  const wrong = (code: string, message: string) => {
    reporter.report(code, field, coordinate, message);
    return [];
  };
  if (path === undefined)
    return wrong(
      'LOOKUP_NOT_REACHABLE',
      `No fields without arguments lead from "${index.queryType}" to this "@lookup".`,
    );
  const returns = typeRef(field.type);
  const depth = listDepth(returns);
  const entity = namedType(returns);
  const types = index.possible(entity);
  if (types.length === 0)
    return wrong(
      'LOOKUP_RETURNS_NO_ENTITY',
      `Expected "@lookup" on a field that returns entities; it returns "${entity}".`,
    );
  if (depth > 1)
    return wrong('LOOKUP_RETURNS_LIST', 'Expected a lookup of one entity, or of a list; found lists of lists.');
  const args = field.arguments ?? [];
  if (args.length === 0)
    return wrong('LOOKUP_MUST_HAVE_ARGUMENTS', 'Expected the key as arguments of "@lookup"; there are none.');
  const isBatch = depth === 1;
  const context = { coordinate, isBatch, types, index, reporter };
  const all = args.map((argument) => ({ argument, map: mapOf(argument, context) }));
  const maps = all.flatMap(({ argument, map }) => (map === undefined ? [] : { argument, map }));
  const [unmapped] = maps.length === 0 ? args : [];
  if (unmapped !== undefined) reportUnmapped(unmapped, context);
  if (unmapped !== undefined || maps.some(({ map }) => map === null)) return [];
  const targets = index.directives(entity, 'key').length > 0 ? [entity, ...types] : types;
  return [...new Set(targets)].flatMap((type) => {
    const isA = (name: string) => name === type || index.possible(name).includes(type);
    const variants = combine(maps.map(({ map }) => expandMap(map as FieldSelectionMap, isA)));
    if (variants.length > MOST_VARIANTS)
      return wrong('IS_TOO_MANY_CHOICES', `Expected at most ${MOST_VARIANTS} combinations of choices.`);
    return variants.flatMap((variant): (readonly [string, LookupDefinition])[] => {
      const key: KeyTree = new Map();
      const compiled = maps.map(({ argument }, at) =>
        compileArgument(argument, variant[at] as FieldSelectionMap, {
          type,
          key,
          coordinate,
          isBatch,
          index,
          reporter,
        }),
      );
      if (compiled.some((one) => one === null)) return [];
      const definition: LookupDefinition = {
        key: `{ ${printKey(key)} }`,
        path,
        arguments: compiled.filter((one) => one !== null),
        returns: entity,
        ...(isBatch ? { batch: { reply: 'byKey' } } : {}),
      };
      return [[type, definition]];
    });
  });
}

interface Context {
  readonly coordinate: string;
  readonly isBatch: boolean;
  readonly index: SourceIndex;
  readonly reporter: Reporter;
}

interface Mapping extends Context {
  readonly types: readonly string[];
}

/** Undefined where the argument is none of the key, and need not be given. */
function mapOf(argument: InputValueDefinitionNode, mapping: Mapping): FieldSelectionMap | null | undefined {
  const { coordinate, reporter } = mapping;
  const given = readMapArgument(argument, 'is', `${coordinate}(${argument.name.value}:)`, reporter);
  if (given === null) return null;
  const map = given ?? defaultMap(argument, mapping);
  if (map !== undefined || isOptional(argument)) return map;
  reportUnmapped(argument, mapping);
  return null;
}

function isOptional({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined;
}

function reportUnmapped(argument: InputValueDefinitionNode, { coordinate, types, reporter }: Mapping): void {
  const { value: name } = argument.name;
  reporter.report(
    'LOOKUP_ARGUMENT_WITHOUT_FIELD',
    argument,
    `${coordinate}(${name}:)`,
    `Expected a field "${name}" on "${types.join('", "')}", or "@is(field:)" to say what the argument is.`,
  );
}

/**
 * An argument is the field of its name, an input object what it has fields of: of the field of its name, or else of the entity. In a batch
 * it is a list of such, and `ids` one of the field `id`.
 */
function defaultMap(
  argument: InputValueDefinitionNode,
  { isBatch, types, index }: Pick<Mapping, 'isBatch' | 'types' | 'index'>,
): FieldSelectionMap | undefined {
  const type = typeRef(argument.type);
  if (isBatch && listDepth(type) !== 1) return undefined;
  const { value: name } = argument.name;
  const of = isBatch
    ? (fieldMap(name, namedType(type), types, index) ?? fieldMap(name.replace(/s$/, ''), namedType(type), types, index))
    : fieldMap(name, namedType(type), types, index);
  const map = of ?? objectMap(namedType(type), types, index);
  return map === undefined || !isBatch ? map : { kind: 'list', of: map };
}

/** The field of a name, with what an input object has of it. */
function fieldMap(
  name: string,
  input: string,
  types: readonly string[],
  index: SourceIndex,
): FieldSelectionMap | undefined {
  const fields = types.map((type) => index.fields.get(type)?.get(name));
  if (fields.some((field) => field === undefined)) return undefined;
  if (index.kinds.get(input) !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return { kind: 'path', name, args: '' };
  const below = fields.map((field) => namedType(typeRef((field as { type: TypeNode }).type)));
  const of = objectMap(input, below, index);
  return of === undefined ? undefined : { kind: 'path', name, args: '', of };
}

/** An input object of which each field that has to be given is a field of the types. */
function objectMap(input: string, types: readonly string[], index: SourceIndex): FieldSelectionMap | undefined {
  if (index.kinds.get(input) !== Kind.INPUT_OBJECT_TYPE_DEFINITION || index.directives(input, 'oneOf').length > 0)
    return undefined;
  const members: MemberNode[] = [];
  for (const [name, field] of index.fields.get(input) ?? []) {
    const value = fieldMap(name, namedType(typeRef(field.type)), types, index);
    if (value !== undefined) members.push({ name, value });
    else if (!isOptional(field as InputValueDefinitionNode)) return undefined;
  }
  return members.length === 0 ? undefined : { kind: 'object', fields: members };
}

function compileArgument(
  argument: InputValueDefinitionNode,
  map: FieldSelectionMap,
  { type, key, coordinate, isBatch, index, reporter }: Context & { readonly type: string; readonly key: KeyTree },
): LookupArgument | null {
  const name = argument.name.value;
  const fail = (message: string) => {
    reporter.report('IS_INVALID_FIELDS', argument, `${coordinate}(${name}:)`, message);
    return null;
  };
  const ref = typeRef(argument.type);
  const problem = misfit(map, { input: ref, output: type, outputs: index, inputs: index });
  if (problem !== undefined) return fail(problem);
  try {
    if (!isBatch) return { name, type: print(argument.type), value: compileKey(map, type, key, index) };
    if (map.kind !== 'list') return fail('Expected a list of keys for a lookup that answers a list, such as "[id]".');
    const of = compileKey(map.of, type, key, index);
    return { name, type: print(argument.type), value: { kind: 'list', of } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail((error as KeyProblem).message);
  }
}

function listDepth(type: TypeRef): number {
  if (type.kind === 'named') return 0;
  return listDepth(type.of) + (type.kind === 'list' ? 1 : 0);
}
