import type { TypeNode } from 'graphql';
import type { SchemaIndex } from '../schemaIndex.ts';
import { namedType, type TypeRef, typeRef } from '../TypeRef.ts';
import type { ValueMap } from '../ValueMap.ts';
import type { FieldSelectionMap, PathNode } from './FieldSelectionMap.ts';

/** A `@require` as the planner and the executor use it: what has to be read, as text, and how the value is made of it. */
export interface CompiledRequirement {
  readonly selection: string;
  readonly value: ValueMap;
}

/** `type` is the argument's, in the subgraph whose types are in the index. */
export function compileRequirement(map: FieldSelectionMap, type: TypeNode, index: SchemaIndex): CompiledRequirement {
  const root = createScope();
  const value = compile(map, root, { type: typeRef(type), index });
  return { selection: printScope(root), value };
}

/** A selection set that grows. */
interface Scope {
  /** By response key. */
  readonly fields: Map<string, { readonly text: string; readonly below: Scope }>;
  readonly types: Map<string, Scope>;
  /** In front of response keys: what one type has must not be taken for another's. */
  readonly prefix: string;
}

function createScope(prefix = ''): Scope {
  return { fields: new Map(), types: new Map(), prefix };
}

function printScope({ fields, types }: Scope): string {
  const parts = [...fields].map(([key, { text, below }]) => {
    const alias = /^\w+/.exec(text)?.[0] === key ? '' : `${key}: `;
    return `${alias}${text}${below.fields.size + below.types.size === 0 ? '' : ` ${printScope(below)}`}`;
  });
  const branches = [...types].map(([type, scope]) => `... on ${type} ${printScope(scope)}`);
  return `{ ${[...parts, ...branches].join(' ')} }`;
}

interface Target {
  /** What the argument takes at this place; undefined where the map does not fit it. */
  readonly type: TypeRef | undefined;
  readonly index: SchemaIndex;
}

function compile(map: FieldSelectionMap, scope: Scope, { type, index }: Target): ValueMap {
  switch (map.kind) {
    case 'path':
      return compilePath(map, scope, { type, index });
    case 'list':
      return { kind: 'list', of: compile(map.of, scope, { type: itemType(type), index }) };
    case 'choice':
      return { kind: 'choice', of: map.of.map((one) => compile(one, scope, { type, index })) };
    case 'object':
      return {
        kind: 'object',
        fields: map.fields.map(({ name, value }) => {
          const field = type === undefined ? undefined : index.fields.get(namedType(type))?.get(name);
          const inner = field === undefined ? undefined : typeRef(field.type);
          const compiled = compile(value, scope, { type: inner, index });
          return inner?.kind === 'nonNull' ? { name, value: compiled, nonNull: true } : { name, value: compiled };
        }),
      };
  }
}

function compilePath({ on, name, args, of }: PathNode, scope: Scope, target: Target): ValueMap {
  let holder = scope;
  if (on !== undefined) {
    holder = scope.types.get(on) ?? createScope(`${on}__`);
    scope.types.set(on, holder);
  }
  const text = `${name}${args}`;
  const free = () => {
    let key = `${holder.prefix}${name}`;
    for (let number = 1; holder.fields.has(key); number += 1) key = `${holder.prefix}${name}__${number}`;
    return key;
  };
  const key = [...holder.fields].find(([, field]) => field.text === text)?.[0] ?? free();
  const below = holder.fields.get(key)?.below ?? createScope();
  holder.fields.set(key, { text, below });
  return { kind: 'field', key, of: of === undefined ? { kind: 'self' } : compile(of, below, target) };
}

function itemType(type: TypeRef | undefined): TypeRef | undefined {
  if (type === undefined || type.kind === 'named') return undefined;
  return type.kind === 'list' ? type.of : itemType(type.of);
}
