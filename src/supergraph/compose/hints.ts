/** What composes and is doubtful all the same: an answer may depend on which subgraph gives it, or something says nothing any more. */
import { type DocumentNode, Kind, print } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { type Checked, type FieldsNode, federationDirective, fieldTypes, placeOf } from './checkDocument.ts';
import { argumentOf, federationName, isFederation, readLinks } from './links.ts';

type Service = Pick<Checked, 'name' | 'document'>;

/** The codes are those of Apollo's composer. */
export function hintsOf(services: readonly Service[]): readonly Issue[] {
  const all = services.map(({ name, document }): Checked => ({ name, document, links: readLinks(document) }));
  return [fieldTypeHints, defaultHints, valueTypeHints, unionHints, enumHints, overrideHints].flatMap((hints) =>
    hints(all),
  );
}

interface Found {
  readonly checked: Checked;
  readonly type: FieldsNode;
  readonly field: NonNullable<FieldsNode['fields']>[number];
}

/** By coordinate; external fields say nothing of their own. */
function byCoordinate(all: readonly Checked[]): ReadonlyMap<string, readonly Found[]> {
  const found = new Map<string, Found[]>();
  for (const checked of all)
    for (const type of fieldTypes(checked.document))
      for (const field of type.fields ?? []) {
        if (federationDirective(checked, field, 'external') !== undefined) continue;
        const path = `${type.name.value}.${field.name.value}`;
        found.set(path, [...(found.get(path) ?? []), { checked, type, field }]);
      }
  return found;
}

function names(found: readonly { readonly checked: Checked }[]): string[] {
  return [...new Set(found.map(({ checked }) => checked.name))];
}

function quoted(list: readonly string[]): string {
  return list.map((name) => `"${name}"`).join(', ');
}

function fieldTypeHints(all: readonly Checked[]): Issue[] {
  return [...byCoordinate(all)].flatMap(([path, found]) => {
    const types = new Map(found.map((entry) => [print(entry.field.type), entry]));
    if (types.size < 2) return [];
    const listed = [...types].map(([type, { checked }]) => `"${type}" in "${checked.name}"`).join(', ');
    const message = `"${path}" is ${listed}: clients get what fits all of them.`;
    const code = 'INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE';
    return { ...placeOf(found[0]?.field ?? {}), path, code, message, subgraphs: names(found) };
  });
}

function defaultHints(all: readonly Checked[]): Issue[] {
  return [...byCoordinate(all)].flatMap(([path, found]) => {
    const argumentNames = new Set(found.flatMap(({ field }) => (field.arguments ?? []).map(({ name }) => name.value)));
    return [...argumentNames].flatMap((name) => {
      const own = found.flatMap(({ checked, field }) => {
        const argument = field.arguments?.find((entry) => entry.name.value === name);
        return argument === undefined ? [] : { checked, isDefaulted: argument.defaultValue !== undefined };
      });
      const [having, lacking] = [
        own.filter(({ isDefaulted }) => isDefaulted),
        own.filter(({ isDefaulted }) => !isDefaulted),
      ];
      if (having.length === 0 || lacking.length === 0) return [];
      const message = `The argument "${name}" of "${path}" has a default in ${quoted(names(having))} and none in ${quoted(names(lacking))}: it is left out.`;
      return { path, code: 'INCONSISTENT_DEFAULT_VALUE_PRESENCE', message, subgraphs: names(own) };
    });
  });
}

/** Object types without a key in several subgraphs: one that lacks a field cannot stand for the others. */
function valueTypeHints(all: readonly Checked[]): Issue[] {
  const types = new Map<string, { checked: Checked; fields: Set<string> }[]>();
  const roots = new Set(['Query', 'Mutation', 'Subscription']);
  for (const checked of all) {
    const key = checked.links.some(isFederation) ? federationName(checked.links, 'key') : 'key';
    const own = new Map<string, Set<string>>();
    for (const node of fieldTypes(checked.document)) {
      const name = node.name.value;
      const isValue =
        node.kind.startsWith('ObjectType') &&
        !roots.has(name) &&
        node.directives?.some((entry) => entry.name.value === key) !== true;
      if (!isValue) continue;
      own.set(name, new Set([...(own.get(name) ?? []), ...(node.fields ?? []).map((field) => field.name.value)]));
    }
    for (const [name, fields] of own) types.set(name, [...(types.get(name) ?? []), { checked, fields }]);
  }
  return [...types].flatMap(([type, found]) => {
    if (found.length < 2) return [];
    const every = new Set(found.flatMap(({ fields }) => [...fields]));
    return [...every].flatMap((field) => {
      const lacking = found.filter(({ fields }) => !fields.has(field));
      if (lacking.length === 0) return [];
      const path = `${type}.${field}`;
      const message = `"${path}" is not in ${quoted(names(lacking))}, which has "${type}" without a key: asked there, another subgraph has to give the whole object.`;
      return { path, code: 'INCONSISTENT_OBJECT_VALUE_TYPE_FIELD', message, subgraphs: names(found) };
    });
  });
}

interface Members {
  readonly checked: Checked;
  readonly members: readonly string[];
}

function differing(found: ReadonlyMap<string, readonly Members[]>, code: string, what: string): Issue[] {
  return [...found].flatMap(([type, all]) => {
    const every = new Set(all.flatMap(({ members }) => members));
    return [...every].flatMap((member) => {
      const lacking = all.filter(({ members }) => !members.includes(member));
      if (all.length < 2 || lacking.length === 0) return [];
      const message = `The ${what} "${member}" of "${type}" is unknown in ${quoted(names(lacking))}.`;
      return { path: type, code, message, subgraphs: names(all) };
    });
  });
}

function collect(
  all: readonly Checked[],
  read: (
    node: DocumentNode['definitions'][number],
  ) => { readonly name: string; readonly members: readonly string[] } | undefined,
): ReadonlyMap<string, readonly Members[]> {
  const found = new Map<string, Members[]>();
  for (const checked of all)
    for (const node of checked.document.definitions) {
      const own = read(node);
      if (own !== undefined) found.set(own.name, [...(found.get(own.name) ?? []), { checked, members: own.members }]);
    }
  return found;
}

function unionHints(all: readonly Checked[]): Issue[] {
  const unions = collect(all, (node) =>
    node.kind === Kind.UNION_TYPE_DEFINITION
      ? { name: node.name.value, members: (node.types ?? []).map(({ name }) => name.value) }
      : undefined,
  );
  return differing(unions, 'INCONSISTENT_UNION_MEMBER', 'member');
}

function enumHints(all: readonly Checked[]): Issue[] {
  const enums = collect(all, (node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION
      ? { name: node.name.value, members: (node.values ?? []).map(({ name }) => name.value) }
      : undefined,
  );
  return differing(enums, 'INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM', 'value');
}

function overrideHints(all: readonly Checked[]): Issue[] {
  const fields = byCoordinate(all);
  return [...fields].flatMap(([path, found]) =>
    found.flatMap(({ checked, field }) => {
      const node = federationDirective(checked, field, 'override');
      const from = node === undefined ? undefined : argumentOf(node, 'from');
      if (node === undefined || typeof from !== 'string') return [];
      const place = { ...placeOf(node), path, subgraphs: [checked.name] };
      if (all.every(({ name }) => name !== from))
        return {
          ...place,
          code: 'FROM_SUBGRAPH_DOES_NOT_EXIST',
          message: `"${path}" is overridden from "${from}", which is no subgraph.`,
        };
      if (argumentOf(node, 'label') !== undefined) return [];
      const isThere = found.some((other) => other.checked.name === from);
      return isThere
        ? {
            ...place,
            code: 'OVERRIDDEN_FIELD_CAN_BE_REMOVED',
            message: `"${path}" is overridden: "${from}" need not have it any more.`,
          }
        : {
            ...place,
            code: 'OVERRIDE_DIRECTIVE_CAN_BE_REMOVED',
            message: `"${path}" is not in "${from}": it needs no "@override" any more.`,
          };
    }),
  );
}
