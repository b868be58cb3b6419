/**
 * What: a document for a subgraph as parts that may be remembered: each root field, each list of entities. Where: once for each document of a plan.
 * A caller sees what each part depends on, for how long it may live as far as the graph says, and by what it is invalidated.
 */

import { hash } from 'node:crypto';
import {
  type DirectiveNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { SourceOperation } from '../execute/Source.ts';
import type { TypeInfo } from '../supergraph/Supergraph.ts';
import type { Names } from './Names.ts';
import { readHints } from './readHints.ts';
import { tags } from './tags.ts';

export interface Part {
  /** The key of its value in the reply. */
  readonly key: string;
  readonly field: FieldNode;
  /** Of all that is asked for, but for the variables' values. */
  readonly digest: string;
  /** Variables that it uses, other than the representations; sorted. */
  readonly variables: readonly string[];
  /** Of entities: the variable that has them. */
  readonly representations?: string | undefined;
  /** The type that a root field stands on. */
  readonly root: TypeInfo;
  /** Milliseconds, by the hints of the graph. */
  readonly maxAge?: number | undefined;
  readonly scope?: 'PUBLIC' | 'PRIVATE' | undefined;
  /** Tags that its entries have whatever is in them; of entities by their type, as far as they are of the type's own. */
  readonly tags: readonly string[];
  /** `@include` and `@skip` of the field itself. */
  readonly conditions: readonly DirectiveNode[];
}

export interface Analysis {
  readonly definition: OperationDefinitionNode;
  readonly parts: readonly Part[];
  /** The document of some of the parts, by a bit each; the same object for the same bits. */
  operation(wanted: readonly boolean[]): SourceOperation;
}

/** Undefined for what is no query of fields alone, such as a planner writes it. */
export function analyzeDocument(operation: SourceOperation, names: Names): Analysis | undefined {
  const [definition, ...others] = parse(operation.document, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return undefined;
  const fields = definition.selectionSet.selections.filter((node) => node.kind === Kind.FIELD);
  const root = names.root(definition.operation);
  if (fields.length < definition.selectionSet.selections.length || root === undefined) return undefined;
  const parts = fields.map((field) => analyzeField(field, definition, { names, root }));
  if (new Set(parts.map(({ key }) => key)).size < parts.length) return undefined;
  const known = new Map<string, SourceOperation>();
  return {
    definition,
    parts,
    operation(wanted) {
      if (wanted.every(Boolean)) return operation;
      const name = wanted.map(Number).join('');
      const made =
        known.get(name) ??
        printParts(
          definition,
          parts.filter((_, index) => wanted[index] === true),
        );
      if (known.size < 64) known.set(name, made);
      return made;
    },
  };
}

interface Place {
  readonly names: Names;
  readonly root: TypeInfo;
}

function analyzeField(field: FieldNode, definition: OperationDefinitionNode, { names, root }: Place): Part {
  const isEntities = field.name.value === '_entities';
  const given = field.arguments?.find(({ name }) => name.value === 'representations')?.value;
  const representations = isEntities && given?.kind === Kind.VARIABLE ? given.name.value : undefined;
  const used = variablesOf(field);
  const variables = [...used].filter((name) => name !== representations).toSorted();
  const texts = (definition.variableDefinitions ?? [])
    .filter((node) => variables.includes(node.variable.name.value))
    .map((node) => print(node));
  // Not by its alias, nor by the name of the variable of the representations: these are numbered within a document.
  const plain = isEntities
    ? `_entities ${print(field.selectionSet as SelectionSetNode)}`
    : print({ ...field, alias: undefined });
  const { maxAge, scope, types } = readHints(field, isEntities ? undefined : root, names);
  return {
    key: field.alias?.value ?? field.name.value,
    field,
    digest: hash('sha256', JSON.stringify([names.subgraph, texts.toSorted(), plain]), 'base64url'),
    variables,
    representations,
    root,
    maxAge,
    scope,
    tags: [
      tags.subgraph(names.subgraph),
      ...[...types].flatMap((type) => [tags.type(names.subgraph, type), tags.within(type)]),
    ],
    conditions: (field.directives ?? []).filter(({ name }) => name.value === 'include' || name.value === 'skip'),
  };
}

function variablesOf(field: FieldNode): ReadonlySet<string> {
  const found = new Set<string>();
  visit(field, { Variable: ({ name }) => void found.add(name.value) });
  return found;
}

function printParts(definition: OperationDefinitionNode, parts: readonly Part[]): SourceOperation {
  const used = new Set(parts.flatMap(({ variables, representations }) => [...variables, representations]));
  const variables = (definition.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  const declared = variables.length === 0 ? '' : `(${variables.map((node) => print(node)).join(', ')})`;
  const fields = parts.map(({ field }) => oneLine(print(field)));
  return { kind: 'query', document: `query${declared} { ${fields.join(' ')} }` };
}

/** As the planner writes documents; but block strings need their lines. */
function oneLine(text: string): string {
  return text.includes('"""') ? text : text.replaceAll(/\n\s*/g, ' ');
}
