import { Kind, specifiedScalarTypes, visit } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { closestName } from '../../lib/closestName.ts';
import { directiveArguments, stringArgument } from '../directiveArguments.ts';
import { checkSelection } from './checkSelection.ts';
import type { GatewaySchema } from './GatewaySchema.ts';
import type { GraphDocument } from './readGraphDocument.ts';
import type { AddedField, Additions } from './readTypeDefs.ts';
import { type ResolveTo, readResolveTo, requiredBy } from './resolveTo.ts';

export interface CheckedFields {
  /** By `Type.field`: what the field needs of its object, as the text of a field set. */
  readonly requires: ReadonlyMap<string, string>;
  /** By `Type.field`. */
  readonly resolveTo: ReadonlyMap<string, ResolveTo>;
  readonly issues: readonly Issue[];
}

const FOREIGN = new Set(['external', 'provides', 'shareable', 'override', 'merge', 'computed']);

/** Holds the added fields against the graph: types, what resolvers read, where they are resolved to; and the resolvers against the fields. */
export function checkAdditions(
  additions: Additions,
  graph: GraphDocument,
  { resolvers }: GatewaySchema,
): CheckedFields {
  const requires = new Map<string, string>();
  const resolveTo = new Map<string, ResolveTo>();
  const issues: Issue[] = [];
  // A resolver may read what another one computes.
  const whole: GraphDocument = {
    ...graph,
    fieldOf: (type, field) =>
      graph.fieldOf(type, field) ?? additions.fields.get(type)?.find(({ node }) => node.name.value === field)?.node,
  };
  for (const [type, fields] of additions.fields) {
    for (const field of fields) {
      const coordinate = `${type}.${field.node.name.value}`;
      const refuse = (message: string) => issues.push({ message, path: coordinate, ...field.place });
      const target = readResolveTo(field.node, refuse);
      const resolver = resolvers.get(coordinate);
      if (target !== undefined) {
        resolveTo.set(coordinate, target);
        checkTarget(target, graph, refuse);
      } else if (resolver === undefined) {
        refuse(
          'It has no resolver. Give it one in "additionalResolvers", or say by "@resolveTo" which subgraph answers it.',
        );
      }
      if (target !== undefined && resolver !== undefined)
        refuse('It has a resolver and "@resolveTo": only one of them can answer.');
      const needs = [
        resolver?.selectionSet,
        target === undefined ? undefined : requiredBy(target),
        stringArgument(directiveArguments(field.node, 'requires')[0] ?? {}, 'fields'),
      ].filter((text) => text !== undefined);
      const checked = needs.map((text) => checkSelection(text, type, whole));
      for (const result of checked) if ('problem' in result) refuse(result.problem);
      if (needs.length > 0 && graph.isRoot(type))
        refuse('A field of a root type has no object that it could read from.');
      else if (needs.length > 0) requires.set(coordinate, needs.map(innerText).join(' '));
      checkTypes(field, { additions, graph, refuse });
      for (const { name } of field.node.directives ?? [])
        if (FOREIGN.has(name.value))
          refuse(`"@${name.value}" says something of a subgraph; the gateway's own fields have no such directive.`);
    }
    if (
      !graph.isRoot(type) &&
      fields.length > 0 &&
      graph.keysOf(type).length === 0 &&
      (additions.keys.get(type) ?? []).length === 0
    ) {
      issues.push({
        message: `"${type}" has no key in any subgraph, so that the gateway could not tell its objects apart. Give it a "@key" in a subgraph, or write "extend type ${type} @key(fields: ...)" here.`,
        path: type,
        ...fields[0]?.place,
      });
    }
  }
  for (const [type, keys] of additions.keys) {
    for (const key of keys) {
      const result = checkSelection(key, type, graph);
      if ('problem' in result) issues.push({ message: `"@key(fields: "${key}")": ${result.problem}`, path: type });
    }
  }
  for (const node of additions.types.values()) {
    if (!('fields' in node) || node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      const coordinate = `${node.name.value}.${field.name.value}`;
      const refuse = (message: string) => issues.push({ message, path: coordinate });
      const target = readResolveTo(field, refuse);
      if (target !== undefined) {
        resolveTo.set(coordinate, target);
        checkTarget(target, graph, refuse);
      }
      checkTypes({ node: field, place: {} }, { additions, graph, refuse });
    }
  }
  return { requires, resolveTo, issues: [...issues, ...checkResolvers(additions, resolvers)] };
}

interface Checking {
  readonly additions: Additions;
  readonly graph: GraphDocument;
  readonly refuse: (message: string) => void;
}

function checkTypes({ node }: AddedField, { additions, graph, refuse }: Checking): void {
  visit(node, {
    NamedType({ name }) {
      const isKnown =
        graph.types.has(name.value) ||
        additions.types.has(name.value) ||
        specifiedScalarTypes.some((scalar) => scalar.name === name.value);
      if (isKnown) return;
      const meant = closestName(name.value, [...graph.types.keys(), ...additions.types.keys()]);
      refuse(`Type "${name.value}" is not defined${meant === undefined ? '.' : `; did you mean "${meant}"?`}`);
    },
  });
}

function checkTarget(
  { sourceName, sourceTypeName, sourceFieldName, sourceArgs, keysArg, additionalArgs }: ResolveTo,
  graph: GraphDocument,
  refuse: (message: string) => void,
): void {
  if (sourceName === undefined || sourceFieldName === undefined) return;
  const names = [...graph.graphs.values()];
  if (!names.includes(sourceName)) {
    const meant = closestName(sourceName, names);
    refuse(
      `"@resolveTo": no subgraph has the name "${sourceName}"${meant === undefined ? `; there are ${names.map((name) => `"${name}"`).join(', ')}.` : `; did you mean "${meant}"?`}`,
    );
    return;
  }
  const type = sourceTypeName ?? graph.roots.query ?? 'Query';
  if (!graph.isRoot(type)) {
    refuse(`"@resolveTo": expected a root type as "sourceTypeName", found "${type}".`);
    return;
  }
  const field = graph.fieldOf(type, sourceFieldName);
  if (field === undefined || !graph.ownersOf(type, sourceFieldName).includes(sourceName)) {
    refuse(`"@resolveTo": the subgraph "${sourceName}" has no field "${type}.${sourceFieldName}".`);
    return;
  }
  const known = (field.arguments ?? []).map(({ name }) => name.value);
  const given = [...Object.keys(sourceArgs ?? {}), ...Object.keys(additionalArgs ?? {})].map(
    (name) => name.split('.')[0] ?? name,
  );
  for (const name of [...given, ...(keysArg === undefined ? [] : [keysArg.split('.')[0] ?? keysArg])])
    if (!known.includes(name)) refuse(`"@resolveTo": "${type}.${sourceFieldName}" has no argument "${name}".`);
}

/** A resolver that nothing calls is a mistake in a name. */
function checkResolvers(additions: Additions, resolvers: GatewaySchema['resolvers']): Issue[] {
  const fields = [
    ...[...additions.fields].flatMap(([type, added]) => added.map(({ node }) => `${type}.${node.name.value}`)),
    ...[...additions.types.values()].flatMap((node) =>
      'fields' in node ? (node.fields ?? []).map((field) => `${node.name.value}.${field.name.value}`) : [],
    ),
  ];
  return [...resolvers.keys()].flatMap((coordinate) => {
    if (fields.includes(coordinate)) return [];
    const meant = closestName(coordinate, fields);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return [
      { message: `"additionalTypeDefs" has no field "${coordinate}" for this resolver.${hint}`, path: coordinate },
    ];
  });
}

/** A field set without its braces, so that several can stand in one. */
function innerText(selectionSet: string): string {
  return selectionSet
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trim()
    .replace(/\s+/g, ' ');
}
