import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import { directiveArguments, stringArgument } from '../../src/supergraph/directiveArguments.ts';
import type { MergedType } from '../../src/supergraph/Subgraph.ts';
import type { TypeNode as DefinitionNode } from './executableSchema.ts';

type Paths = readonly (readonly [argument: string, path: string])[];

/**
 * The lookups that a subgraph names in its own words, as a configuration would say them; undefined where it has none.
 * Of both vocabularies only what `vocabularies` writes is read here.
 */
export function readLookups(nodes: ReadonlyMap<string, DefinitionNode>): Record<string, MergedType[]> | undefined {
  const query = nodes.get('Query');
  const found: Record<string, MergedType[]> = {};
  for (const field of query?.kind === Kind.OBJECT_TYPE_DEFINITION ? (query.fields ?? []) : []) {
    const { name: type, isList } = unwrap(field.type);
    const whole = wholeKey(field, type, nodes);
    if (whole !== undefined) found[type] = [...(found[type] ?? []), whole];
    const paths = whole === undefined ? (lookupPaths(field) ?? mergePaths(field)) : undefined;
    if (paths === undefined) continue;
    const entry = { selectionSet: selectionOf(paths.map(([, path]) => path)), fieldName: field.name.value };
    const [name, key] = paths[0] ?? ['', ''];
    const asked = isList
      ? { key, argsFromKeys: { [name]: '$keys' } }
      : { args: Object.fromEntries(paths.map(([argument, path]) => [argument, `$key.${path}`])) };
    found[type] = [...(found[type] ?? []), { ...entry, ...asked }];
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function lookupPaths(field: FieldDefinitionNode): Paths | undefined {
  if (directiveArguments(field, 'lookup').length === 0) return undefined;
  return (field.arguments ?? []).map((argument) => {
    const [is = {}] = directiveArguments(argument, 'is');
    const path = stringArgument(is, 'field') ?? argument.name.value;
    return [argument.name.value, path.replace(/[[\]]/g, '')];
  });
}

/** A `@merge` that says nothing takes the key as an object, with what computed fields need in it. */
function wholeKey(
  field: FieldDefinitionNode,
  type: string,
  nodes: ReadonlyMap<string, DefinitionNode>,
): MergedType | undefined {
  const [merge] = directiveArguments(field, 'merge');
  const [argument] = field.arguments ?? [];
  if (merge === undefined || Object.keys(merge).length > 0 || argument === undefined) return undefined;
  const input = nodes.get(unwrap(argument.type).name);
  const object = nodes.get(type);
  if (input?.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION || object?.kind !== Kind.OBJECT_TYPE_DEFINITION)
    return undefined;
  const isOwn = (name: string) => object.fields?.some((one) => one.name.value === name) === true;
  const key = (input.fields ?? []).map(({ name }) => name.value).filter(isOwn);
  return {
    selectionSet: `{ ${key.join(' ')} }`,
    fieldName: field.name.value,
    argsFromKeys: { [argument.name.value]: '$keys' },
  };
}

function mergePaths(field: FieldDefinitionNode): Paths | undefined {
  const [merge] = directiveArguments(field, 'merge');
  if (merge === undefined) return undefined;
  const keyField = stringArgument(merge, 'keyField');
  if (keyField !== undefined) return [[field.arguments?.[0]?.name.value ?? '', keyField]];
  const expression = stringArgument(merge, 'argsExpr') ?? '';
  return [...expression.matchAll(/(\w+): (?:\[\[)?\$key\.([\w.]+)/g)].map(([, name = '', path = '']) => [name, path]);
}

/** `id` and `at.x` give `{ id at { x } }`. */
function selectionOf(paths: readonly string[]): string {
  const fields = new Map<string, string[]>();
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    fields.set(name, [...(fields.get(name) ?? []), ...(rest.length === 0 ? [] : [rest.join('.')])]);
  }
  return `{ ${[...fields].map(([name, below]) => (below.length === 0 ? name : `${name} ${selectionOf(below)}`)).join(' ')} }`;
}

function unwrap(type: TypeNode): { readonly name: string; readonly isList: boolean } {
  if (type.kind === Kind.NAMED_TYPE) return { name: type.name.value, isList: false };
  return type.kind === Kind.LIST_TYPE ? { ...unwrap(type.type), isList: true } : unwrap(type.type);
}
