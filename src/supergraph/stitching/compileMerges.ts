import {
  type FieldDefinitionNode,
  GraphQLError,
  type InputValueDefinitionNode,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql';
import { compileKey, type KeyTree, printKey } from '../composite/compileKey.ts';
import type { Reporter } from '../composite/createReporter.ts';
import type { FieldSelectionMap } from '../composite/FieldSelectionMap.ts';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import type { SourceIndex } from '../readSource.ts';
import type { LookupDefinition } from '../Subgraph.ts';
import { namedType, type TypeRef, typeRef } from '../TypeRef.ts';
import type { ObjectEntry, ValueMap } from '../ValueMap.ts';
import { type MergeExpression, parseMergeExpression, writeMergeExpression } from './mergeExpression.ts';

const CODE = 'INVALID_MERGE';

interface Context {
  readonly index: SourceIndex;
  readonly reporter: Reporter;
  /** What the computed fields of a type need, by type. */
  readonly computed: ReadonlyMap<string, readonly SelectionSetNode[]>;
}

/** By type: the ways in that `@merge` fields are. Reports what is wrong with them. */
export function compileMerges(context: Context): Map<string, LookupDefinition[]> {
  const { index, reporter } = context;
  const lookups = new Map<string, LookupDefinition[]>();
  for (const [type, fields] of index.fields) {
    for (const field of fields.values()) {
      const [args] = directiveArguments(field, 'merge');
      if (args === undefined || field.kind !== Kind.FIELD_DEFINITION) continue;
      const coordinate = `${type}.${field.name.value}`;
      if (type !== index.queryType) {
        reporter.report(CODE, field, coordinate, `Expected "@merge" on a field of "${index.queryType}".`);
        continue;
      }
      for (const [entity, lookup] of compileField(field, args, { ...context, coordinate }))
        lookups.set(entity, [...(lookups.get(entity) ?? []), lookup]);
    }
  }
  return lookups;
}

type MergeArguments = Readonly<Record<string, unknown>>;

function compileField(
  field: FieldDefinitionNode,
  args: MergeArguments,
  { coordinate, ...context }: Context & { readonly coordinate: string },
): [string, LookupDefinition][] {
  const { index, reporter } = context;
  const returns = typeRef(field.type);
  const entity = namedType(returns);
  try {
    const types = targetTypes(args, entity, returns, index);
    const isList = listDepth(returns) === 1;
    const expressions = parseMergeExpression(
      expressionText(field, args, isList),
      stringArgument(args, 'additionalArgs'),
    );
    checkArguments(field, expressions, isList);
    return types.map((type) => {
      const key: KeyTree = new Map();
      const compiled = (field.arguments ?? []).flatMap((argument) => {
        const expression = expressions.get(argument.name.value);
        if (expression === undefined) return [];
        const value = compileExpression(expression, typeRef(argument.type), { ...context, type, key });
        return [{ name: argument.name.value, type: print(argument.type), value }];
      });
      // Computed fields alone tell no entity from another.
      if (key.size === 0) addKey(declaredKey(type, index), type, { ...context, key });
      return [
        type,
        {
          key: `{ ${printKey(key)} }`,
          path: [field.name.value],
          arguments: compiled,
          returns: entity,
          ...(isList ? { batch: { reply: 'byKey' as const } } : {}),
        },
      ];
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = error instanceof GraphQLError ? `The arguments cannot be read: ${error.message}` : error.message;
    reporter.report(CODE, field, coordinate, reason);
    return [];
  }
}

/** Object types that the field can answer, or those of them that `types` names. */
function targetTypes(args: MergeArguments, entity: string, returns: TypeRef, index: SourceIndex): readonly string[] {
  const possible = index.possible(entity);
  if (possible.length === 0 || listDepth(returns) > 1)
    throw new Error('Expected "@merge" on a field that returns an object, an interface, a union, or a list of them.');
  const { types } = args;
  if (types === undefined || types === null) return possible;
  const named = (Array.isArray(types) ? types : [types]).map(String);
  const unknown = named.find((name) => !possible.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `Expected "types" to name object types that "${entity}" can be (${possible.join(', ')}), found "${unknown}".`,
    );
  return named;
}

function expressionText(field: FieldDefinitionNode, args: MergeArguments, isList: boolean): string {
  const { key } = args;
  const [argsExpr, keyField, given] = ['argsExpr', 'keyField', 'keyArg'].map((name) => stringArgument(args, name));
  if (argsExpr !== undefined) {
    if (given !== undefined || keyField !== undefined || key !== undefined || args['additionalArgs'] !== undefined)
      throw new Error('Expected either "argsExpr" or the other arguments of "@merge", found both.');
    return argsExpr;
  }
  if (key !== undefined && keyField !== undefined) throw new Error('Expected either "key" or "keyField", found both.');
  const names = (field.arguments ?? []).map(({ name }) => name.value);
  if (given === undefined && names.length !== 1)
    throw new Error(`Expected "keyArg" to say which argument takes the key: there are ${names.length}.`);
  return writeMergeExpression({
    keyArg: given ?? (names[0] as string),
    keyField,
    key: key === undefined ? undefined : (Array.isArray(key) ? key : [key]).map(String),
    isList,
  });
}

function checkArguments(
  field: FieldDefinitionNode,
  expressions: ReadonlyMap<string, MergeExpression>,
  isList: boolean,
): void {
  const all = [...expressions.values()];
  if (!all.some((one) => reads(one, isList)))
    throw new Error(
      isList
        ? 'Expected "[[$key…]]" where the list of keys belongs, because the field answers a list.'
        : 'Expected "$key" outside of "[[…]]", because the field answers one entity.',
    );
  if (all.some((one) => reads(one, !isList))) throw new Error('Expected all keys within "[[…]]", or none.');
  const known = new Map((field.arguments ?? []).map((argument) => [argument.name.value, argument]));
  for (const name of expressions.keys())
    if (!known.has(name)) throw new Error(`"${field.name.value}" has no argument "${name}".`);
  for (const [name, { type, defaultValue }] of known)
    if (type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined && !expressions.has(name))
      throw new Error(`"${field.name.value}" needs the argument "${name}".`);
}

/** Whether the expression takes a key within (or outside of) `[[…]]`. */
function reads(expression: MergeExpression, within: boolean, isWithin = false): boolean {
  switch (expression.kind) {
    case 'constant':
      return false;
    case 'key':
      return within === isWithin;
    case 'object':
      return expression.fields.some(([, value]) => reads(value, within, isWithin));
    case 'each':
      return reads(expression.of, within, true);
  }
}

interface Compiling extends Context {
  readonly type: string;
  /** Grows by what is read. */
  readonly key: KeyTree;
}

function compileExpression(expression: MergeExpression, input: TypeRef | undefined, compiling: Compiling): ValueMap {
  switch (expression.kind) {
    case 'constant':
      return expression;
    case 'each':
      return { kind: 'list', of: compileExpression(expression.of, itemType(input), compiling) };
    case 'object':
      return {
        kind: 'object',
        fields: expression.fields.map(([name, value]) => {
          const below = compileExpression(value, inputField(input, name, compiling), compiling);
          return entry(
            name,
            below,
            value.kind === 'key' && value.path[0] !== undefined && !isOfKey(value.path[0], compiling),
          );
        }),
      };
    case 'key': {
      const [first, ...rest] = expression.path;
      if (first === undefined) return wholeKey(input, compiling);
      if (!isOfKey(first, compiling)) return pathMap([first, ...rest]);
      return compileKey(keyPath([first, ...rest]), compiling.type, compiling.key, compiling.index);
    }
  }
}

/** Of the key, not of what computed fields need beside it. */
function isOfKey(name: string, { type, index, computed }: Compiling): boolean {
  const isNeeded = (computed.get(type) ?? []).some((set) => names(set).includes(name));
  return names(declaredKey(type, index)).includes(name) || !isNeeded;
}

/** `$key`: the key and what computed fields need; as an input object those of its fields, as a scalar all, with the type's name. */
function wholeKey(input: TypeRef | undefined, compiling: Compiling): ValueMap {
  const { type, index, computed, key } = compiling;
  const own = declaredKey(type, index);
  if (own === undefined)
    throw new Error(`Expected "@key(selectionSet:)" on "${type}", or "keyField", to say what the key is.`);
  addKey(own, type, compiling);
  const needed = (computed.get(type) ?? []).flatMap(names).filter((name) => !key.has(name));
  const entries = [
    ...[...key.keys()].map((name) => entry(name, pathMap([name]), false)),
    ...[...new Set(needed)].map((name) => entry(name, pathMap([name]), true)),
  ];
  const named = input === undefined ? '' : namedType(input);
  if (index.kinds.get(named) !== Kind.INPUT_OBJECT_TYPE_DEFINITION)
    return { kind: 'object', fields: [...entries, { name: '__typename', value: { kind: 'constant', value: type } }] };
  const taken = index.fields.get(named) ?? new Map();
  checkInput(named, [...taken.values()], { keys: [...key.keys()], given: new Set(entries.map(({ name }) => name)) });
  return { kind: 'object', fields: entries.filter(({ name }) => taken.has(name)) };
}

function checkInput(
  input: string,
  fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[],
  { keys, given }: { readonly keys: readonly string[]; readonly given: ReadonlySet<string> },
): void {
  if (!fields.some(({ name }) => keys.includes(name.value)))
    throw new Error(`Expected "${input}" to have "${keys.join('" or "')}", which is the key; it has none of it.`);
  for (const field of fields)
    if (field.type.kind === Kind.NON_NULL_TYPE && !given.has(field.name.value) && !hasDefault(field))
      throw new Error(`"${input}" needs "${field.name.value}", which is neither of the key nor of a computed field.`);
}

function hasDefault(field: FieldDefinitionNode | InputValueDefinitionNode): boolean {
  return field.kind === Kind.INPUT_VALUE_DEFINITION && field.defaultValue !== undefined;
}

function addKey(
  set: SelectionSetNode | undefined,
  type: string,
  { index, key }: Pick<Compiling, 'index' | 'key'>,
): void {
  const paths = set === undefined ? [] : leafPaths(set);
  for (const path of paths) compileKey(keyPath(path), type, key, index);
}

export function declaredKey(type: string, index: SourceIndex): SelectionSetNode | undefined {
  const text = index
    .directives(type, 'key')
    .flatMap((node) => directiveArguments({ directives: [node] }, 'key'))
    .flatMap((args) => stringArgument(args, 'selectionSet') ?? [])[0];
  return text === undefined ? undefined : parseFieldSet(text);
}

function entry(name: string, value: ValueMap, isOptional: boolean): ObjectEntry {
  return isOptional ? { name, value, optional: true } : { name, value };
}

function pathMap(path: readonly string[]): ValueMap {
  return path.reduceRight<ValueMap>((of, key) => ({ kind: 'field', key, of }), { kind: 'self' });
}

function keyPath([name = '', ...rest]: readonly string[]): FieldSelectionMap {
  return { kind: 'path', name, args: '', of: rest.length === 0 ? undefined : keyPath(rest) };
}

function leafPaths(set: SelectionSetNode): string[][] {
  return set.selections.flatMap((node) => {
    if (node.kind !== Kind.FIELD) throw new Error('Expected a key of fields only, found a fragment.');
    const below = node.selectionSet === undefined ? [[]] : leafPaths(node.selectionSet);
    return below.map((path) => [node.name.value, ...path]);
  });
}

function names(set: SelectionSetNode | undefined): string[] {
  return (set?.selections ?? []).flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
}

function inputField(input: TypeRef | undefined, name: string, { index }: Compiling): TypeRef | undefined {
  const field = input === undefined ? undefined : index.fields.get(namedType(input))?.get(name);
  return field === undefined ? undefined : typeRef(field.type);
}

function itemType(type: TypeRef | undefined): TypeRef | undefined {
  if (type === undefined || type.kind === 'named') return undefined;
  return type.kind === 'list' ? type.of : itemType(type.of);
}

function listDepth(type: TypeRef): number {
  if (type.kind === 'named') return 0;
  return listDepth(type.of) + (type.kind === 'list' ? 1 : 0);
}
