import type { Lookup, Supergraph } from '../supergraph/Supergraph.ts';
import { namedType, printTypeRef, type TypeRef } from '../supergraph/TypeRef.ts';
import { sourceTypeName } from './printUpstream.ts';

/** A root field that looks entities up by configuration, ready to be printed. */
export interface LookupField {
  /** In the source's names. */
  readonly name: string;
  /** Named type that the field returns, in supergraph names. */
  readonly returns: string;
  readonly placeholders: readonly Placeholder[];
  /** Arguments as GraphQL text, with the text of each placeholder's variable. */
  args(variable: (placeholder: number) => string): string;
}

export interface Placeholder {
  /** Into the key; empty for the whole key. */
  readonly path: readonly string[];
  /** Type of the place, printed in source names. */
  readonly type: string;
}

/** A `$keys`, `$key` or `$key.a.b` in the template of an argument. */
const PLACEHOLDER = /^\$(keys|key((?:\.[_A-Za-z][_0-9A-Za-z]*)*))$/;

export function lookupField(lookup: Lookup, supergraph: Supergraph): LookupField {
  const { merge } = lookup;
  const query = supergraph.types.get(supergraph.roots.query);
  const info = query?.fields.get(merge?.fieldName ?? '');
  const placeholders: Placeholder[] = [];
  const template = Object.entries(merge?.argsFromKeys ?? merge?.args ?? {});
  const parts = template.map(([name, value]) => ({
    name,
    print: printer(value, info?.args.get(name), { lookup, supergraph, placeholders }),
  }));
  return {
    name: info?.owners.get(lookup.graph)?.sourceName ?? merge?.fieldName ?? '',
    returns: info === undefined ? lookup.type : namedType(info.type),
    placeholders,
    args: (variable) =>
      parts.length === 0 ? '' : `(${parts.map(({ name, print }) => `${name}: ${print(variable)}`).join(', ')})`,
  };
}

type Print = (variable: (placeholder: number) => string) => string;

interface Printing {
  readonly lookup: Lookup;
  readonly supergraph: Supergraph;
  readonly placeholders: Placeholder[];
}

function printer(value: unknown, type: TypeRef | undefined, printing: Printing): Print {
  const { supergraph, lookup, placeholders } = printing;
  if (typeof value === 'string') {
    const match = PLACEHOLDER.exec(value);
    if (match !== null) {
      const index = placeholders.length;
      const path = (match[2] ?? '').split('.').filter((part) => part !== '');
      const text =
        type === undefined ? 'ID' : printTypeRef(type, (name) => sourceTypeName(supergraph, name, lookup.graph));
      placeholders.push({ path, type: text });
      return (variable) => variable(index);
    }
    const isEnum = type !== undefined && supergraph.types.get(namedType(type))?.kind === 'enum';
    return () => (isEnum ? value : JSON.stringify(value));
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => printer(item, itemType(type), printing));
    return (variable) => `[${items.map((item) => item(variable)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const input = type === undefined ? undefined : supergraph.types.get(namedType(type));
    const fields = Object.entries(value).map(([name, inner]) => ({
      name,
      print: printer(inner, input?.fields.get(name)?.type, printing),
    }));
    return (variable) => `{ ${fields.map(({ name, print }) => `${name}: ${print(variable)}`).join(', ')} }`;
  }
  return () => JSON.stringify(value ?? null);
}

function itemType(type: TypeRef | undefined): TypeRef | undefined {
  if (type === undefined || type.kind === 'named') return undefined;
  return type.kind === 'list' ? type.of : itemType(type.of);
}
