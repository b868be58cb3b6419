import { print } from 'graphql';
import type { Supergraph, TypeInfo } from '../supergraph/Supergraph.ts';
import { printTypeRef } from '../supergraph/TypeRef.ts';

/** A text that is equal for types that differ in their name alone: what is planned for one of them holds for all. */
export type TypeClasses = (type: string) => string;

export function createTypeClasses(supergraph: Supergraph): TypeClasses {
  const classes = new Map<string, string>();
  const numbers = new Map<string, string>();
  return (type) => {
    const known = classes.get(type);
    if (known !== undefined) return known;
    const info = supergraph.types.get(type);
    const text = info?.kind === 'object' ? describe(info) : type;
    const number = numbers.get(text) ?? String(numbers.size);
    numbers.set(text, number);
    classes.set(type, number);
    return number;
  };
}

function describe({ fields, graphs, supertypes }: TypeInfo): string {
  const inGraphs = [...graphs].map(([id, { lookups, isInterfaceObject }]) => [
    id,
    isInterfaceObject,
    lookups.map(({ kind, key }) => [kind, print(key)]),
  ]);
  const owned = [...fields.values()].map(({ name, type, owners }) => [
    name,
    printTypeRef(type),
    [...owners.values()].map(({ graph, external, requires, provides, typeText }) => [
      graph,
      external,
      typeText,
      requires === undefined ? '' : print(requires),
      provides === undefined ? '' : print(provides),
    ]),
  ]);
  return JSON.stringify([inGraphs, owned, [...supertypes]]);
}
