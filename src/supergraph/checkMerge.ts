import { GraphQLError, Kind, type SelectionSetNode } from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { parseFieldSet } from './parseFieldSet.ts';
import type { MergedType } from './Subgraph.ts';
import type { SchemaIndex } from './schemaIndex.ts';
import { namedType, type TypeRef, typeRef } from './TypeRef.ts';

/** Everything that is wrong with a subgraph's `merge`, held against its own schema. */
export function checkMerge(
  subgraph: string,
  merge: Readonly<Record<string, readonly MergedType[]>>,
  index: SchemaIndex,
): Issue[] {
  return Object.entries(merge).flatMap(([type, entries]) => {
    const issue = (path: string, message: string): Issue => ({
      message,
      path: `merge.${type}${path}`,
      subgraphs: [subgraph],
      code: 'INVALID_MERGE',
    });
    if (index.kinds.get(type) !== Kind.OBJECT_TYPE_DEFINITION) {
      return [issue('', `Expected the name of an object type of this subgraph, found "${type}".`)];
    }
    return entries.flatMap((entry, at) =>
      checkEntry(type, entry, index).map(({ path, message }) =>
        issue(`${entries.length > 1 ? `[${at}]` : ''}.${path}`, message),
      ),
    );
  });
}

interface Problem {
  readonly path: string;
  readonly message: string;
}

function checkEntry(type: string, entry: MergedType, index: SchemaIndex): Problem[] {
  const problems = [...checkSelection(type, entry.selectionSet, index)];
  if ((entry.args === undefined) === (entry.argsFromKeys === undefined)) {
    problems.push({
      path: 'args',
      message: 'Expected either "args" (one entity a call) or "argsFromKeys" (a batch), and not both.',
    });
  }
  const field = index.fields.get(index.queryType)?.get(entry.fieldName);
  if (field === undefined || field.kind !== Kind.FIELD_DEFINITION) {
    const known = [...(index.fields.get(index.queryType)?.keys() ?? [])].map((name) => `"${name}"`).join(', ');
    return [
      ...problems,
      {
        path: 'fieldName',
        message: `Expected a field of "${index.queryType}" (${known}), found "${entry.fieldName}".`,
      },
    ];
  }
  const isBatch = entry.argsFromKeys !== undefined;
  const returns = typeRef(field.type);
  if (isBatch !== isList(returns)) {
    problems.push({
      path: 'fieldName',
      message: `Expected a field that returns ${isBatch ? 'a list' : 'one value'}; "${entry.fieldName}" returns ${isBatch ? 'one value' : 'a list'}.`,
    });
  }
  if (namedType(returns) !== type && index.kinds.get(namedType(returns)) === Kind.OBJECT_TYPE_DEFINITION) {
    problems.push({
      path: 'fieldName',
      message: `Expected a field that returns "${type}"; "${entry.fieldName}" returns "${namedType(returns)}".`,
    });
  }
  for (const name of Object.keys(entry.fields ?? {}))
    if (index.fields.get(type)?.has(name) !== true)
      problems.push({ path: `fields.${name}`, message: `"${type}" has no field "${name}" in this subgraph.` });
  if (entry.fields !== undefined && entry.key !== undefined)
    problems.push({
      path: 'key',
      message: 'Expected no "key" beside computed fields: what they need is sent in an object with the key.',
    });
  const template = entry.argsFromKeys ?? entry.args ?? {};
  const argumentNames = new Set((field.arguments ?? []).map((argument) => argument.name.value));
  for (const name of Object.keys(template)) {
    if (!argumentNames.has(name))
      problems.push({
        path: isBatch ? 'argsFromKeys' : 'args',
        message: `"${entry.fieldName}" has no argument "${name}".`,
      });
  }
  for (const { name, type: argument, defaultValue } of field.arguments ?? []) {
    if (argument.kind === Kind.NON_NULL_TYPE && defaultValue === undefined && !Object.hasOwn(template, name.value)) {
      problems.push({
        path: isBatch ? 'argsFromKeys' : 'args',
        message: `"${entry.fieldName}" needs the argument "${name.value}".`,
      });
    }
  }
  const text = JSON.stringify(template);
  if (isBatch && !text.includes('"$keys"'))
    problems.push({ path: 'argsFromKeys', message: 'Expected "$keys" where the list of keys belongs; found none.' });
  if (!isBatch && !/"\$key[".]/.test(text))
    problems.push({ path: 'args', message: 'Expected "$key.<field>" where the key belongs; found none.' });
  return problems;
}

function checkSelection(type: string, text: string, index: SchemaIndex): Problem[] {
  const path = 'selectionSet';
  const walk = (node: SelectionSetNode, on: string): Problem[] =>
    node.selections.flatMap((selection): Problem[] => {
      if (selection.kind !== Kind.FIELD) return [{ path, message: 'Expected fields only, found a fragment.' }];
      const field = index.fields.get(on)?.get(selection.name.value);
      if (field === undefined)
        return [{ path, message: `"${on}" has no field "${selection.name.value}" in this subgraph.` }];
      return selection.selectionSet === undefined ? [] : walk(selection.selectionSet, namedType(typeRef(field.type)));
    });
  try {
    return walk(parseFieldSet(text), type);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [{ path, message: `Expected a selection set such as "{ id }", found "${text}": ${error.message}` }];
  }
}

function isList(type: TypeRef): boolean {
  return type.kind === 'list' || (type.kind === 'nonNull' && isList(type.of));
}
