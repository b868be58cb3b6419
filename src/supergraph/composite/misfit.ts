import { Kind } from 'graphql';
import type { SchemaIndex } from '../schemaIndex.ts';
import { namedType, printTypeRef, type TypeRef, typeRef } from '../TypeRef.ts';
import type { FieldSelectionMap } from './FieldSelectionMap.ts';

interface Fit {
  /** What the argument takes here. */
  readonly input: TypeRef;
  /** The type whose fields are selected. */
  readonly output: string;
  readonly inputs: SchemaIndex;
  readonly outputs: SchemaIndex;
}

/** Output scalar -> input scalars that take its values. */
const TAKEN_AS: Readonly<Record<string, readonly string[]>> = {
  ID: ['ID', 'String'],
  String: ['String', 'ID'],
  Int: ['Int', 'Float', 'ID'],
  Float: ['Float'],
  Boolean: ['Boolean'],
};

/** Why a map's value would not be of the argument's type; undefined where it is. Nulls are looked at when there are values. */
export function misfit(map: FieldSelectionMap, fit: Fit): string | undefined {
  switch (map.kind) {
    case 'choice':
      return first(map.of, (one) => misfit(one, fit));
    case 'list':
      return fit.input.kind === 'named' || itemType(fit.input) === undefined
        ? `Expected a value of the type "${printTypeRef(fit.input)}", found a list.`
        : misfit(map.of, { ...fit, input: itemType(fit.input) as TypeRef });
    case 'object':
      return objectMisfit(map.fields, fit);
    case 'path': {
      const on = map.on ?? fit.output;
      const field = fit.outputs.fields.get(on)?.get(map.name);
      if (field === undefined) return `"${on}" has no field "${map.name}".`;
      const type = typeRef(field.type);
      const known = (field.kind === Kind.FIELD_DEFINITION ? field.arguments : undefined) ?? [];
      const given = [...map.args.matchAll(/[(,]\s*([_A-Za-z]\w*)\s*:/g)].map((match) => match[1]);
      const stranger = given.find((name) => !known.some((argument) => argument.name.value === name));
      if (stranger !== undefined && map.args.split('{').length === 1)
        return `"${on}.${map.name}" has no argument "${stranger}".`;
      const lacking = known.find(
        ({ name, type: argument, defaultValue }) =>
          argument.kind === Kind.NON_NULL_TYPE && defaultValue === undefined && !given.includes(name.value),
      );
      if (lacking !== undefined) return `"${on}.${map.name}" needs the argument "${lacking.name.value}".`;
      if (map.of === undefined) return leafMisfit(`${on}.${map.name}`, type, fit);
      if (map.of.kind === 'list') return listMisfit(map.of, type, fit);
      if (itemType(type) !== undefined) return `"${on}.${map.name}" is a list: expected "${map.name}[...]".`;
      return misfit(map.of, { ...fit, output: namedType(type) });
    }
  }
}

function listMisfit(map: Extract<FieldSelectionMap, { kind: 'list' }>, type: TypeRef, fit: Fit): string | undefined {
  const [item, input] = [itemType(type), itemType(fit.input)];
  if (item === undefined) return `Expected a list before "[", found "${printTypeRef(type)}".`;
  if (input === undefined) return `Expected a value of the type "${printTypeRef(fit.input)}", found a list.`;
  if (map.of.kind === 'list') return listMisfit(map.of, item, { ...fit, input });
  return misfit(map.of, { ...fit, input, output: namedType(item) });
}

function objectMisfit(members: Extract<FieldSelectionMap, { kind: 'object' }>['fields'], fit: Fit): string | undefined {
  const name = namedType(fit.input);
  const kind = fit.inputs.kinds.get(name);
  if (kind === Kind.SCALAR_TYPE_DEFINITION) return undefined;
  if (kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION || itemType(fit.input) !== undefined)
    return `Expected a value of the type "${printTypeRef(fit.input)}", found an object.`;
  const fields = fit.inputs.fields.get(name);
  const lacking = [...(fields?.values() ?? [])].find(
    (field) =>
      field.kind === Kind.INPUT_VALUE_DEFINITION &&
      field.type.kind === Kind.NON_NULL_TYPE &&
      field.defaultValue === undefined &&
      !members.some((member) => member.name === field.name.value),
  );
  if (lacking !== undefined) return `"${name}" needs the field "${lacking.name.value}".`;
  return first(members, (member) => {
    const field = fields?.get(member.name);
    if (field === undefined) return `"${name}" has no field "${member.name}".`;
    return misfit(member.value, { ...fit, input: typeRef(field.type) });
  });
}

function leafMisfit(coordinate: string, type: TypeRef, { input, inputs, outputs }: Fit): string | undefined {
  const [output, wanted] = [namedType(type), namedType(input)];
  const kind = outputs.kinds.get(output);
  if (kind !== undefined && kind !== Kind.SCALAR_TYPE_DEFINITION && kind !== Kind.ENUM_TYPE_DEFINITION)
    return `"${coordinate}" is an object: expected its fields, such as "${coordinate.split('.')[1]}.id".`;
  const isCustom = inputs.kinds.get(wanted) === Kind.SCALAR_TYPE_DEFINITION;
  const fits =
    output === wanted ||
    isCustom ||
    TAKEN_AS[output]?.includes(wanted) === true ||
    kind === Kind.SCALAR_TYPE_DEFINITION;
  return fits && sameDepth(type, input)
    ? undefined
    : `Expected a value of the type "${printTypeRef(input)}"; "${coordinate}" is "${printTypeRef(type)}".`;
}

/** A list goes where a list is taken; one value is taken as a list of one, too. */
function sameDepth(type: TypeRef, input: TypeRef): boolean {
  const [item, wanted] = [itemType(type), itemType(input)];
  if (item === undefined) return true;
  return wanted !== undefined && sameDepth(item, wanted);
}

function itemType(type: TypeRef): TypeRef | undefined {
  if (type.kind === 'named') return undefined;
  return type.kind === 'list' ? type.of : itemType(type.of);
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
