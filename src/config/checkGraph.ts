import { type GraphQLSchema, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { Issue } from '../errors/Issue.ts';
import { closestName } from '../lib/closestName.ts';
import { formatPath } from '../lib/formatPath.ts';
import type { Config } from './Config.ts';

export type GraphConfig = Pick<Config, 'rate_limit' | 'threat_protection'>;

export interface GraphFacts {
  readonly schema: GraphQLSchema;
  /** Their names. */
  readonly subgraphs: readonly string[];
}

/** What settings name and the graph does not have: they would have no effect, without a word. */
export function checkGraph(config: GraphConfig, { schema, subgraphs }: GraphFacts): Issue[] {
  return [...checkRules(config, schema), ...checkSubgraphs(config, subgraphs), ...checkAllowances(config, schema)];
}

/** Beside a finished supergraph only that knows their names. */
function checkSubgraphs({ rate_limit: limits }: GraphConfig, names: readonly string[]): Issue[] {
  return Object.keys(limits?.subgraphs ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: formatPath(['rate_limit', 'subgraphs', name]),
      message: `No subgraph has the name "${name}"${hint(name, names)} The limit limits nothing.`,
    }));
}

function checkRules({ rate_limit: limits }: GraphConfig, schema: GraphQLSchema): Issue[] {
  return (limits?.rules ?? []).flatMap(({ fields }, rule) =>
    fields.flatMap((field, index) =>
      unknownName(field, schema).map((message) => ({
        path: `rate_limit.rules[${rule}].fields[${index}]`,
        message: `${message} The rule limits nothing there.`,
      })),
    ),
  );
}

function checkAllowances({ threat_protection: threats }: GraphConfig, schema: GraphQLSchema): Issue[] {
  return (threats?.allow ?? []).flatMap(({ argument }, index) =>
    (argument === undefined ? [] : unknownName(argument, schema)).map((message) => ({
      path: `threat_protection.allow[${index}].argument`,
      message: `${message} The entry allows nothing there.`,
    })),
  );
}

/** Whether there is something in `checkGraph` for this configuration. */
export function namesGraph({ rate_limit: limits, threat_protection: threats }: GraphConfig): boolean {
  return (
    Object.keys(limits?.subgraphs ?? {}).length > 0 ||
    (limits?.rules.some(({ fields }) => fields.length > 0) ?? false) ||
    (threats?.allow.some(({ argument }) => argument !== undefined) ?? false)
  );
}

/** What there is not of `Type.field` or `Type.field.argument`; nothing where all is there. */
function unknownName(coordinate: string, schema: GraphQLSchema): readonly string[] {
  const [typeName = '', fieldName = '', argumentName] = coordinate.split('.');
  const type = schema.getType(typeName);
  const fields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? type.getFields() : undefined;
  if (fields === undefined) {
    const types = Object.values(schema.getTypeMap()).filter((known) => isObjectType(known) || isInterfaceType(known));
    return [
      `The graph has no type "${typeName}" with fields${hint(
        typeName,
        types.map(({ name }) => name),
      )}`,
    ];
  }
  const field = Object.hasOwn(fields, fieldName) ? fields[fieldName] : undefined;
  if (field === undefined)
    return [`The graph has no field "${typeName}.${fieldName}"${hint(fieldName, Object.keys(fields))}`];
  if (argumentName === undefined) return [];
  const names = 'args' in field ? field.args.map(({ name }) => name) : [];
  if (names.includes(argumentName)) return [];
  return [`The field "${typeName}.${fieldName}" has no argument "${argumentName}"${hint(argumentName, names)}`];
}

function hint(name: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  return meant === undefined ? '.' : `; did you mean "${meant}"?`;
}
