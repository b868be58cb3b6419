import {
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { directiveArguments, stringArgument } from '../../src/supergraph/directiveArguments.ts';
import { parseFieldSet } from '../../src/supergraph/parseFieldSet.ts';
import type { MergedType, Subgraph, SubgraphDefinition } from '../../src/supergraph/Subgraph.ts';
import { directiveNames } from './directiveNames.ts';
import { executableSchema, mergeDefinitions, type TypeNode } from './executableSchema.ts';
import { readLookups } from './readLookups.ts';
import { fieldNames, inverse, renameTemplates, type SourceNames, sourceNames } from './sourceNames.ts';

/** What a set of subgraphs says, read from their SDL alone: neither the composer nor the planner has a part in it. */
export interface World {
  readonly graphs: readonly Graph[];
  /** Over all subgraphs: interfaces and unions that an object type is seen as. */
  readonly supertypes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each abstract type: its object types over all subgraphs, by name. */
  readonly possible: ReadonlyMap<string, readonly string[]>;
}

export interface Graph {
  readonly name: string;
  readonly types: ReadonlyMap<string, GraphType>;
  /** With `_entities`, without the words of federation. */
  readonly schema: GraphQLSchema;
  /** Where its source has other names. */
  readonly source: SourceNames | null;
  /** By query field: what it looks up, where the subgraph has no `_entities`. */
  readonly lookups: ReadonlyMap<string, { readonly type: string; readonly entry: MergedType }>;
}

export interface GraphType {
  readonly name: string;
  readonly kind: 'object' | 'interface' | 'union' | 'enum' | 'other';
  readonly isInterfaceObject: boolean;
  readonly keys: readonly Key[];
  /** Names of the contexts that it sets for what is below it. */
  readonly contexts: readonly string[];
  readonly fields: ReadonlyMap<string, GraphField>;
  /** Object types that a value can have in this subgraph. */
  readonly possible: readonly string[];
  readonly values: readonly string[];
}

export interface Key {
  readonly selection: SelectionSetNode;
  readonly resolvable: boolean;
}

export interface ContextArgument {
  readonly name: string;
  readonly context: string;
  readonly selection: SelectionSetNode;
}

export interface GraphField {
  readonly node: FieldDefinitionNode;
  /** Arguments that clients may give. */
  readonly args: readonly string[];
  readonly external: boolean;
  readonly requires: SelectionSetNode | null;
  /** Arguments in which what it requires comes, each with the required field; else it comes with the key. */
  readonly filled: readonly { readonly argument: string; readonly field: string }[];
  readonly provides: SelectionSetNode | null;
  /** Arguments that the nearest object above gives which sets the context. */
  readonly contextual: readonly ContextArgument[];
  /** Another subgraph has taken the field over: what this one would answer is old. */
  readonly isOverridden: boolean;
}

const KINDS: Readonly<Partial<Record<string, GraphType['kind']>>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
};

interface Read {
  readonly name: string;
  readonly definition: SubgraphDefinition;
  readonly nodes: ReadonlyMap<string, TypeNode>;
  /** How the subgraph calls a directive of federation. */
  readonly names: (directive: string) => string;
}

/** `isActive` says which labels of progressive overrides are. */
export function readWorld(subgraphs: readonly Subgraph[], isActive: (label: string) => boolean): World {
  const all = subgraphs.map(({ name, sdl, definition }): Read => {
    const document = parse(sdl, { noLocation: true });
    return { name, definition, nodes: mergeDefinitions(document), names: directiveNames(document) };
  });
  const overridden = new Set<string>();
  // While its label is off, it is the new field that is not to be asked for.
  const isOff = (label: unknown) => typeof label === 'string' && !isActive(label);
  for (const { name, nodes, names } of all)
    for (const [type, node] of nodes)
      for (const field of fieldsOf(node))
        for (const args of directiveArguments(field, names('override')))
          overridden.add(`${isOff(args['label']) ? name : args['from']} ${type}.${field.name.value}`);
  const graphs = all.map((read) => readGraph(read, overridden));
  const possible = new Map<string, string[]>();
  const supertypes = new Map<string, Set<string>>();
  for (const { types } of graphs)
    for (const type of types.values())
      for (const object of type.kind === 'object' ? [] : type.possible) {
        supertypes.set(object, (supertypes.get(object) ?? new Set<string>()).add(type.name));
        possible.set(type.name, [...new Set([...(possible.get(type.name) ?? []), object])].sort());
      }
  return { graphs, supertypes, possible };
}

function readGraph({ name, definition, nodes, names }: Read, overridden: ReadonlySet<string>): Graph {
  const { renames } = definition;
  const own = readLookups(nodes);
  const merge = definition.merge ?? own;
  const types = new Map<string, GraphType>();
  for (const [type, node] of nodes) {
    const isExternal = directiveArguments(node, names('external')).length > 0;
    const fields = fieldsOf(node).map((field): [string, GraphField] => {
      const set = (directive: string) => directiveArguments(field, names(directive)).map(fieldSetOf)[0] ?? null;
      const external = isExternal || directiveArguments(field, names('external')).length > 0;
      const isOverridden = overridden.has(`${name} ${type}.${field.name.value}`);
      const filled = filledOf(field);
      const isHidden = (arg: InputValueDefinitionNode) =>
        directiveArguments(arg, names('inaccessible')).length > 0 || directiveArguments(arg, 'require').length > 0;
      const args = (field.arguments ?? []).filter((arg) => !isHidden(arg));
      return [
        field.name.value,
        {
          node: field,
          args: args.map((arg) => arg.name.value),
          external,
          requires: set('requires') ?? otherwiseRequired(field, filled),
          filled,
          provides: set('provides'),
          contextual: contextualOf(field, names),
          isOverridden,
        },
      ];
    });
    types.set(type, {
      name: type,
      kind: KINDS[node.kind] ?? 'other',
      isInterfaceObject: directiveArguments(node, names('interfaceObject')).length > 0,
      contexts: [node, ...abstractsOf(node, nodes)].flatMap((one) =>
        directiveArguments(one, names('context')).map((args) => String(args['name'])),
      ),
      keys: [
        ...directiveArguments(node, names('key')).map((args) => ({
          selection: fieldSetOf(args),
          resolvable: args['resolvable'] !== false && own === undefined,
        })),
        ...(merge?.[type] ?? []).map((entry) => ({ selection: parseFieldSet(entry.selectionSet), resolvable: true })),
      ],
      fields: new Map(fields),
      possible: possibleIn(type, nodes),
      values: node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []).map((value) => value.name.value) : [],
    });
  }
  const entities = [...types.values()].filter(
    (type) => type.kind === 'object' && type.keys.some((key) => key.resolvable),
  );
  const schema = executableSchema(nodes, merge === undefined ? entities.map((type) => type.name) : []);
  const namesBack = renames === undefined ? new Map<string, string>() : inverse(fieldNames(renames));
  const lookups = Object.entries(merge ?? {}).flatMap(([type, entries]) =>
    entries.map((entry) => [entry.fieldName, { type, entry: renameTemplates(entry, namesBack) }] as const),
  );
  const source = renames === undefined ? null : sourceNames(schema, renames);
  return { name, types, schema, source, lookups: new Map(lookups) };
}

function fieldSetOf(args: Readonly<Record<string, unknown>>): SelectionSetNode {
  return parseFieldSet(stringArgument(args, 'fields') ?? '');
}

/** Of the words for requirements that are not federation's only what `addRequired` writes is read. */
function filledOf(field: FieldDefinitionNode): GraphField['filled'] {
  return (field.arguments ?? []).flatMap((argument) =>
    directiveArguments(argument, 'require').map((args) => ({
      argument: argument.name.value,
      field: String(args['field']),
    })),
  );
}

function otherwiseRequired(field: FieldDefinitionNode, filled: GraphField['filled']): SelectionSetNode | null {
  const [computed] = directiveArguments(field, 'computed');
  if (computed !== undefined) return parseFieldSet(stringArgument(computed, 'selectionSet') ?? '');
  return filled.length === 0 ? null : parseFieldSet(filled.map((one) => one.field).join(' '));
}

function contextualOf(field: FieldDefinitionNode, names: Read['names']): ContextArgument[] {
  return (field.arguments ?? []).flatMap((argument) =>
    directiveArguments(argument, names('fromContext')).map((args) => {
      const [, context = '', set = ''] = /^\s*\$(\w+)(.*)$/s.exec(String(args['field'])) ?? [];
      return { name: argument.name.value, context, selection: parseFieldSet(set) };
    }),
  );
}

function fieldsOf(node: TypeNode): readonly FieldDefinitionNode[] {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION
    ? (node.fields ?? [])
    : [];
}

/** What is set on an interface or a union is set by its types. */
function abstractsOf(node: TypeNode, nodes: ReadonlyMap<string, TypeNode>): readonly TypeNode[] {
  return [...nodes.values()].filter(
    (other) => other !== node && possibleIn(other.name.value, nodes).includes(node.name.value),
  );
}

function possibleIn(type: string, nodes: ReadonlyMap<string, TypeNode>): readonly string[] {
  const node = nodes.get(type);
  if (node?.kind === Kind.OBJECT_TYPE_DEFINITION) return [type];
  if (node?.kind === Kind.UNION_TYPE_DEFINITION) return (node.types ?? []).map((member) => member.name.value);
  if (node?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
  return [...nodes].flatMap(([name, other]) =>
    other.kind === Kind.OBJECT_TYPE_DEFINITION && other.interfaces?.some((one) => one.name.value === type)
      ? [name]
      : [],
  );
}

/** How a subgraph knows an object type: by itself, or as one of its interface objects. */
export function standingsIn(world: World, graph: Graph, type: string): GraphType[] {
  const own = graph.types.get(type);
  if (own !== undefined) return [own];
  return [...(world.supertypes.get(type) ?? [])].flatMap((name) => {
    const above = graph.types.get(name);
    return above?.isInterfaceObject === true ? [above] : [];
  });
}

/** Whether a value of the object type is what a fragment on `condition` is for. */
export function isA(world: World, type: string, condition: string): boolean {
  return type === condition || world.supertypes.get(type)?.has(condition) === true;
}
