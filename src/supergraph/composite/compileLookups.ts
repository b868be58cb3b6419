import { type InputValueDefinitionNode, Kind, print } from 'graphql';
import type { SourceIndex } from '../readSource.ts';
import type { LookupArgument, LookupDefinition } from '../Subgraph.ts';
import { namedType, type TypeRef, typeRef } from '../TypeRef.ts';
import { compileKey, type KeyProblem, type KeyTree, printKey } from './compileKey.ts';
import type { Reporter } from './createReporter.ts';
import { combine, expandMap, MOST_VARIANTS } from './expandMap.ts';
import type { FieldSelectionMap } from './FieldSelectionMap.ts';
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
  const maps = args.map((argument) => ({
    argument,
    map: mapOf(argument, { coordinate, isBatch, types, index, reporter }),
  }));
  if (maps.some(({ map }) => map === null)) return [];
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

function mapOf(
  argument: InputValueDefinitionNode,
  { coordinate, isBatch, types, index, reporter }: Context & { readonly types: readonly string[] },
): FieldSelectionMap | null {
  const at = `${coordinate}(${argument.name.value}:)`;
  const given = readMapArgument(argument, 'is', at, reporter);
  if (given === null) return null;
  const map = given ?? defaultMap(argument, { isBatch, types, index });
  if (map === undefined) {
    reporter.report(
      'LOOKUP_ARGUMENT_WITHOUT_FIELD',
      argument,
      at,
      `Expected a field "${argument.name.value}" on "${types.join('", "')}", or "@is(field:)" to say what the argument is.`,
    );
    return null;
  }
  return map;
}

/** An argument is the field of its name; in a batch, `ids` is a list of the field `id`, and a list of input objects one of their fields. */
function defaultMap(
  argument: InputValueDefinitionNode,
  {
    isBatch,
    types,
    index,
  }: { readonly isBatch: boolean; readonly types: readonly string[]; readonly index: SourceIndex },
): FieldSelectionMap | undefined {
  const isField = (name: string) => types.every((type) => index.fields.get(type)?.has(name) === true);
  const { value: name } = argument.name;
  if (!isBatch) return isField(name) ? { kind: 'path', name, args: '' } : undefined;
  const type = typeRef(argument.type);
  if (listDepth(type) !== 1) return undefined;
  const named = namedType(type);
  if (index.kinds.get(named) === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
    const fields = [...(index.fields.get(named)?.keys() ?? [])];
    if (!fields.every(isField)) return undefined;
    const members = fields.map((field) => ({ name: field, value: { kind: 'path' as const, name: field, args: '' } }));
    return { kind: 'list', of: { kind: 'object', fields: members } };
  }
  const field = [name, name.replace(/s$/, '')].find(isField);
  return field === undefined ? undefined : { kind: 'list', of: { kind: 'path', name: field, args: '' } };
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
