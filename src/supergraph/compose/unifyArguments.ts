import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  print,
  type TypeNode,
} from 'graphql';
import { federationDirective, fieldTypes } from './checkDocument.ts';
import { readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

interface Unified {
  readonly type: TypeNode;
  readonly hasDefault: boolean;
}

/**
 * Arguments as all subgraphs can take them: the narrowest of their types, inside lists too, and a default only where each has one.
 * The composer compares types inside lists by the letter, and keeps a default that only some know.
 */
export function unifyArguments<T extends Service>(services: readonly T[]): T[] {
  const unified = unify(services);
  if (unified.size === 0) return [...services];
  return services.map((service) => ({
    ...service,
    typeDefs: {
      ...service.typeDefs,
      definitions: service.typeDefs.definitions.map((node) => {
        if (!('fields' in node) || node.fields === undefined || node.kind.startsWith('Input')) return node;
        const fields = (node.fields as readonly FieldDefinitionNode[]).map((field) => ({
          ...field,
          arguments: (field.arguments ?? []).map((argument) => {
            const found = unified.get(`${node.name.value}.${field.name.value}.${argument.name.value}`);
            if (found === undefined) return argument;
            const { defaultValue, ...rest } = argument;
            return { ...rest, type: found.type, ...(found.hasDefault ? { defaultValue } : {}) };
          }),
        }));
        return { ...node, fields } as typeof node;
      }),
    },
  }));
}

/** By `Type.field.argument`, those that differ and have something in common. */
function unify(services: readonly Service[]): ReadonlyMap<string, Unified> {
  const found = new Map<string, InputValueDefinitionNode[]>();
  for (const { typeDefs } of services) {
    const links = readLinks(typeDefs);
    for (const type of fieldTypes(typeDefs))
      for (const field of type.fields ?? []) {
        if (federationDirective({ links }, field, 'external') !== undefined) continue;
        for (const argument of field.arguments ?? []) {
          // What the gateway fills in is not what clients give.
          if (federationDirective({ links }, argument, 'fromContext') !== undefined) continue;
          const path = `${type.name.value}.${field.name.value}.${argument.name.value}`;
          found.set(path, [...(found.get(path) ?? []), argument]);
        }
      }
  }
  return new Map(
    [...found].flatMap(([path, all]) => {
      const hasDefault = all.every(({ defaultValue }) => defaultValue !== undefined);
      const isOne = new Set(all.map((argument) => print(argument.type))).size === 1;
      if (isOne && (hasDefault || all.every(({ defaultValue }) => defaultValue === undefined))) return [];
      const type = all.map((argument) => argument.type as TypeNode | undefined).reduce(narrowest);
      return type === undefined ? [] : [[path, { type, hasDefault }] as const];
    }),
  );
}

/** What both take; undefined where that is nothing. */
export function narrowest(a: TypeNode | undefined, b: TypeNode | undefined): TypeNode | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.kind === Kind.NON_NULL_TYPE || b.kind === Kind.NON_NULL_TYPE) {
    const inner = narrowest(nullable(a), nullable(b));
    return inner === undefined || inner.kind === Kind.NON_NULL_TYPE ? inner : { kind: Kind.NON_NULL_TYPE, type: inner };
  }
  if (a.kind === Kind.LIST_TYPE && b.kind === Kind.LIST_TYPE) {
    const inner = narrowest(a.type, b.type);
    return inner === undefined ? undefined : { kind: Kind.LIST_TYPE, type: inner };
  }
  return a.kind === Kind.NAMED_TYPE && b.kind === Kind.NAMED_TYPE && a.name.value === b.name.value ? a : undefined;
}

function nullable(type: TypeNode): TypeNode {
  return type.kind === Kind.NON_NULL_TYPE ? type.type : type;
}
