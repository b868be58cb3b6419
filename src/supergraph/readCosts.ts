import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import type { Costs, ListSize } from './Costs.ts';
import { argumentOf, readLinks } from './compose/links.ts';
import { directiveNames } from './directiveNames.ts';

interface Marked {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** `@cost` and `@listSize` of a supergraph document, under whatever names its `@link`s give them. */
export function readCosts(document: DocumentNode): Costs {
  const links = readLinks(document);
  const costs = directiveNames('cost', links);
  const listSizes = directiveNames('listSize', links);
  const weights = new Map<string, number>();
  const sizes = new Map<string, ListSize>();
  const note = (coordinate: string, { directives = [] }: Marked) => {
    for (const directive of directives) {
      const { value } = directive.name;
      const weight = costs.has(value) ? Number(argumentOf(directive, 'weight')) : Number.NaN;
      if (Number.isFinite(weight)) weights.set(coordinate, weight);
      if (listSizes.has(value)) sizes.set(coordinate, readSize(directive));
    }
  };
  const noteField = (type: string, field: FieldDefinitionNode) => {
    const coordinate = `${type}.${field.name.value}`;
    note(coordinate, field);
    for (const argument of field.arguments ?? []) note(`${coordinate}(${argument.name.value})`, argument);
  };
  for (const node of document.definitions) {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const name = node.name.value;
    note(name, node as Marked);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const field of node.fields ?? []) noteField(name, field);
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const field of node.fields ?? []) note(`${name}.${field.name.value}`, field);
  }
  return { weights, sizes };
}

function readSize(directive: ConstDirectiveNode): ListSize {
  const assumed = Number(argumentOf(directive, 'assumedSize') ?? Number.NaN);
  const slicingArguments = texts(argumentOf(directive, 'slicingArguments'));
  return {
    ...(Number.isFinite(assumed) ? { assumedSize: assumed } : {}),
    slicingArguments,
    requiresOne: slicingArguments.length > 0 && argumentOf(directive, 'requireOneSlicingArgument') !== false,
    sizedFields: texts(argumentOf(directive, 'sizedFields')),
  };
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
