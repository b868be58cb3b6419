/**
 * What subgraphs must not say beside each other, though the composer lets it pass: each function is one of its wrong passes.
 */
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  print,
  type SelectionSetNode,
} from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import {
  type Checked,
  type FieldsNode,
  federationDirective,
  fieldTypes,
  fieldTypesNamed,
  issueAt,
  placeOf,
} from './checkDocument.ts';
import { checkInterfaceKeys } from './checkInterfaceKeys.ts';
import { checkBases, checkComposedNames, checkComposedOrigins, checkNames } from './checkNames.ts';
import { argumentOf, federationName, isFederation, readLinks } from './links.ts';

type Service = Pick<Checked, 'name' | 'document'>;

export function checkTogether(services: readonly Service[]): readonly Issue[] {
  const all = services.map(({ name, document }): Checked => ({ name, document, links: readLinks(document) }));
  const linked = all.filter(({ links }) => links.some(isFederation));
  const alone = [
    checkNames,
    checkComposedNames,
    checkComposedOrigins,
    checkInterfaceKeys,
    checkExternalDefaults,
    checkOverrides,
    checkRequiredArguments,
    checkInterfaceObjects,
    checkRunTimeTypes,
  ].flatMap((check) => check(linked));
  return [...alone, ...checkProvided(all), ...checkBases(all)];
}

interface Found {
  readonly checked: Checked;
  readonly type: FieldsNode;
  readonly field: FieldDefinitionNode;
}

function allFields(all: readonly Checked[]): readonly Found[] {
  return all.flatMap((checked) =>
    fieldTypes(checked.document).flatMap((type) => (type.fields ?? []).map((field) => ({ checked, type, field }))),
  );
}

/** Whoever mentions a field has it as it is. */
function checkExternalDefaults(all: readonly Checked[]): Issue[] {
  const fields = allFields(all);
  const isExternal = ({ checked, field }: Found) => federationDirective(checked, field, 'external') !== undefined;
  const defaultOf = ({ field }: Found, name: string) => {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.defaultValue;
    return value === undefined ? 'none' : print(value);
  };
  return fields.filter(isExternal).flatMap((found) =>
    (found.field.arguments ?? []).flatMap((argument) => {
      const { checked, type, field } = found;
      const name = argument.name.value;
      const owner = fields.find(
        (other) =>
          !isExternal(other) &&
          other.type.name.value === type.name.value &&
          other.field.name.value === field.name.value &&
          other.field.arguments?.some((one) => one.name.value === name) === true,
      );
      const [wanted, got] = [owner === undefined ? undefined : defaultOf(owner, name), defaultOf(found, name)];
      if (owner === undefined || wanted === got) return [];
      const message = `Expected the default of "${type.name.value}.${field.name.value}(${name}:)" as "${owner.checked.name}" has it, ${wanted}; got ${got} on the external field.`;
      return issueAt(checked, { type, field, node: argument }, { code: 'EXTERNAL_ARGUMENT_DEFAULT_MISMATCH', message });
    }),
  );
}

/** A field that is taken over must not depend on others, nor others on it, in the subgraph that loses it. */
function checkOverrides(all: readonly Checked[]): Issue[] {
  const fields = allFields(all);
  return fields.flatMap(({ checked, type, field }) => {
    const node = federationDirective(checked, field, 'override');
    if (node === undefined) return [];
    const coordinate = `${type.name.value}.${field.name.value}`;
    const where = { type, field, node };
    const code = 'OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE';
    if (federationDirective(checked, type, 'interfaceObject') !== undefined)
      return issueAt(checked, where, {
        code,
        message: `Expected no "@override" on "${coordinate}": a field of an interface object cannot take over.`,
      });
    const from = argumentOf(node, 'from');
    return fields.flatMap((other) => {
      if (other.checked.name !== from || `${other.type.name.value}.${other.field.name.value}` !== coordinate) return [];
      const collision = ['provides', 'requires'].find(
        (directive) => federationDirective(other.checked, other.field, directive) !== undefined,
      );
      if (collision === undefined) return [];
      const message = `Expected no "@override" of "${coordinate}" beside its "@${collision}" in "${other.checked.name}".`;
      return issueAt(checked, where, { code, message }).map((issue) => ({
        ...issue,
        subgraphs: [checked.name, other.checked.name],
      }));
    });
  });
}

/** What a requirement asks for has to be answerable wherever the field is resolved. */
function checkRequiredArguments(all: readonly Checked[]): Issue[] {
  const fields = allFields(all);
  return fields.flatMap(({ checked, type, field }) => {
    const node = federationDirective(checked, field, 'requires');
    const text = node === undefined ? undefined : argumentOf(node, 'fields');
    if (node === undefined || typeof text !== 'string') return [];
    return selectedFields(checked, type.name.value, fieldSet(text)).flatMap((selected) =>
      fields
        .filter(
          (owner) =>
            owner.type.name.value === selected.type &&
            owner.field.name.value === selected.node.name.value &&
            federationDirective(owner.checked, owner.field, 'external') === undefined,
        )
        .flatMap((owner) => {
          const given = new Set((selected.node.arguments ?? []).map(({ name }) => name.value));
          const known = owner.field.arguments ?? [];
          const lacking = known.find(
            ({ name, type: needed, defaultValue }) =>
              needed.kind === Kind.NON_NULL_TYPE && defaultValue === undefined && !given.has(name.value),
          );
          const unknown = [...given].find((name) => known.every((argument) => argument.name.value !== name));
          if (lacking === undefined && unknown === undefined) return [];
          const path = `${selected.type}.${selected.node.name.value}`;
          const what = lacking === undefined ? `no argument "${unknown}"` : `the argument "${lacking.name.value}"`;
          const message = `Expected ${what} for "${path}" in "@requires" of "${type.name.value}.${field.name.value}", as "${owner.checked.name}" has it.`;
          return issueAt(checked, { type, field, node }, { code: 'REQUIRES_INVALID_FIELDS', message });
        }),
    );
  });
}

/** What a path provides is resolved there, too: its owner has to share it. */
function checkProvided(all: readonly Checked[]): Issue[] {
  const found = new Map<string, Issue>();
  for (const { checked, field } of allFields(all)) {
    const node = federationDirective(checked, field, 'provides');
    const fields = node === undefined ? undefined : argumentOf(node, 'fields');
    if (node === undefined || typeof fields !== 'string') continue;
    for (const selected of selectedFields(checked, namedType(field), fieldSet(fields))) {
      const { type, node: inner } = selected;
      const name = inner.name.value;
      const own = fieldTypesNamed(checked.document, type)[0]?.fields;
      const mine = own?.find((entry) => entry.name.value === name);
      if (mine === undefined || federationDirective(checked, mine, 'external') === undefined) continue;
      for (const owner of owners(all, checked, type, name)) {
        const path = `${type}.${name}`;
        const message = `Expected "${path}" to be "@shareable" in "${owner.checked.name}", because "${checked.name}" provides it.`;
        const code = 'INVALID_FIELD_SHARING';
        found.set(`${path} ${owner.checked.name}`, {
          ...placeOf(owner.field),
          path,
          code,
          message,
          subgraphs: [owner.checked.name, checked.name],
        });
      }
    }
  }
  return [...found.values()];
}

/** Other subgraphs that resolve the field and do not share it. */
function owners(all: readonly Checked[], but: Checked, type: string, name: string): readonly Found[] {
  return allFields(all).filter(
    (found) =>
      found.checked !== but &&
      found.type.name.value === type &&
      found.field.name.value === name &&
      found.checked.links.some(isFederation) &&
      !isShared(found) &&
      federationDirective(found.checked, found.field, 'external') === undefined,
  );
}

function isShared({ checked, type, field }: Found): boolean {
  if (federationDirective(checked, field, 'shareable') !== undefined) return true;
  if (federationDirective(checked, type, 'shareable') !== undefined) return true;
  return isInKey(checked, type.name.value, field.name.value);
}

function isInKey(checked: Checked, type: string, field: string): boolean {
  const name = federationName(checked.links, 'key');
  return fieldTypesNamed(checked.document, type)
    .flatMap((entry) => entry.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .some((directive) => {
      const fields = argumentOf(directive, 'fields');
      return (
        typeof fields === 'string' &&
        fieldSet(fields).selections.some((node) => node.kind === Kind.FIELD && node.name.value === field)
      );
    });
}

function fieldSet(text: string): SelectionSetNode {
  try {
    return parseFieldSet(text);
  } catch {
    // The composer says what is wrong with it.
    return { kind: Kind.SELECTION_SET, selections: [] };
  }
}

function namedType({ type }: FieldDefinitionNode): string {
  let named = type;
  while (named.kind !== Kind.NAMED_TYPE) named = named.type;
  return named.name.value;
}

interface Selected {
  readonly type: string;
  readonly node: FieldNode;
}

/** The fields of a field set, nested ones too, with the types that they stand on in this subgraph. */
function selectedFields(checked: Checked, type: string, set: SelectionSetNode): readonly Selected[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.INLINE_FRAGMENT)
      return selectedFields(checked, node.typeCondition?.name.value ?? type, node.selectionSet);
    if (node.kind !== Kind.FIELD) return [];
    const below = node.selectionSet;
    return [
      { type, node },
      ...(below === undefined ? [] : selectedFields(checked, childType(checked, type, node), below)),
    ];
  });
}

function childType({ document }: Checked, type: string, node: FieldNode): string {
  const fields = fieldTypes(document).flatMap((entry) => (entry.name.value === type ? (entry.fields ?? []) : []));
  const field = fields.find((entry) => entry.name.value === node.name.value);
  return field === undefined ? '' : namedType(field);
}

/** A field of an interface object is resolved for each implementation: whoever else resolves it there has to share it, and so has the object. */
function checkInterfaceObjects(all: readonly Checked[]): Issue[] {
  const fields = allFields(all);
  const implementations = (type: string) =>
    new Set(
      all.flatMap(({ document }) =>
        document.definitions.flatMap((node) =>
          (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
          node.interfaces?.some((entry) => entry.name.value === type) === true
            ? node.name.value
            : [],
        ),
      ),
    );
  const abstracted = fields.filter(
    ({ checked, type }) => federationDirective(checked, type, 'interfaceObject') !== undefined,
  );
  const resolved = new Map<string, Found[]>();
  const note = (type: string, found: Found) => {
    const name = `${type}.${found.field.name.value}`;
    resolved.set(name, [...(resolved.get(name) ?? []), found]);
  };
  for (const found of abstracted) {
    if (federationDirective(found.checked, found.field, 'external') !== undefined) continue;
    for (const type of implementations(found.type.name.value)) note(type, found);
  }
  for (const [path, through] of [...resolved]) {
    for (const found of fields) {
      const isOwn = `${found.type.name.value}.${found.field.name.value}` === path;
      if (
        isOwn &&
        federationDirective(found.checked, found.field, 'external') === undefined &&
        !through.includes(found)
      )
        note(found.type.name.value, found);
    }
  }
  return [...resolved].flatMap(([path, found]) => {
    const unshared = found.filter((entry) => !isShared(entry));
    const [first] = unshared;
    if (found.length < 2 || first === undefined) return [];
    const names = [...new Set([first, ...found].map(({ checked }) => checked.name))];
    const message = `Expected "${path}" to be "@shareable" wherever it is resolved, by an interface object, too; it is not in "${first.checked.name}" on "${first.type.name.value}".`;
    return { ...placeOf(first.field), path, code: 'INVALID_FIELD_SHARING', message, subgraphs: names };
  });
}

/** A shared field has one value: some run-time type has to be known to all who may be asked for it. */
function checkRunTimeTypes(all: readonly Checked[]): Issue[] {
  const byPath = new Map<string, Found[]>();
  for (const found of allFields(all)) {
    if (federationDirective(found.checked, found.field, 'external') !== undefined || !isShared(found)) continue;
    const path = `${found.type.name.value}.${found.field.name.value}`;
    byPath.set(path, [...(byPath.get(path) ?? []), found]);
  }
  return [...byPath].flatMap(([path, found]) => {
    const [first, ...others] = found.map(({ checked, field }) => runTimeTypes(checked, namedType(field)));
    if (first === undefined || others.length === 0 || [first, ...others].some((types) => types.size === 0)) return [];
    if ([...first].some((type) => others.every((types) => types.has(type)))) return [];
    const listed = found.map(
      ({ checked, field }) => `${[...runTimeTypes(checked, namedType(field))].join(', ')} in "${checked.name}"`,
    );
    const message = `Expected a run-time type of the shared field "${path}" that all of its subgraphs know; got ${listed.join('; ')}.`;
    const code = 'SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES';
    const place = placeOf(found[0]?.field ?? {});
    return { ...place, path, code, message, subgraphs: found.map(({ checked }) => checked.name) };
  });
}

/** Object types of an interface or union in one subgraph; empty for all other types, and where there are none. */
function runTimeTypes({ document, ...checked }: Checked, type: string): ReadonlySet<string> {
  const isInterfaceObject = fieldTypesNamed(document, type).some(
    (node) => federationDirective(checked, node, 'interfaceObject') !== undefined,
  );
  return isInterfaceObject ? new Set() : (membersOf(document).get(type) ?? new Set());
}

const members = new WeakMap<DocumentNode, ReadonlyMap<string, ReadonlySet<string>>>();

/** By interface and union. */
function membersOf(document: DocumentNode): ReadonlyMap<string, ReadonlySet<string>> {
  const known = members.get(document);
  if (known !== undefined) return known;
  const found = new Map<string, Set<string>>();
  const add = (type: string, member: string) => found.set(type, (found.get(type) ?? new Set()).add(member));
  for (const node of document.definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION || node.kind === Kind.UNION_TYPE_EXTENSION)
      for (const { name } of node.types ?? []) add(node.name.value, name.value);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION)
      for (const { name } of node.interfaces ?? []) add(name.value, node.name.value);
  }
  members.set(document, found);
  return found;
}
