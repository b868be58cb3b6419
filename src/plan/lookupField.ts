import type { LookupDefinition } from '../supergraph/Subgraph.ts';
import type { Lookup, Supergraph } from '../supergraph/Supergraph.ts';
import { namedType, printTypeRef, type TypeRef } from '../supergraph/TypeRef.ts';
import type { ValueMap } from '../supergraph/ValueMap.ts';
import { sourceTypeName } from './printUpstream.ts';

/** A query field that looks entities up, ready to be printed; in the source's names. */
export interface LookupField {
  /** From the query root to the field. */
  readonly path: readonly string[];
  /** Named type that the field returns. */
  readonly returns: string;
  readonly placeholders: readonly Placeholder[];
  /** Arguments as GraphQL text, with the text of each placeholder's variable. */
  args(variable: (placeholder: number) => string): string;
}

/** A variable of the document. */
export interface Placeholder {
  /** Type of the place, printed in source names. */
  readonly type: string;
  /** Out of the key, or, in a batch, of the list of keys. */
  readonly value: ValueMap;
}

/** A `$keys`, `$key` or `$key.a.b` in the template of an argument. */
const PLACEHOLDER = /^\$(keys|key((?:\.[_A-Za-z][_0-9A-Za-z]*)*))$/;

export function lookupField(lookup: Lookup, supergraph: Supergraph): LookupField {
  const { merge, definition } = lookup;
  if (definition !== undefined) return definedField(definition);
  const query = supergraph.types.get(supergraph.roots.query);
  const info = query?.fields.get(merge?.fieldName ?? '');
  const placeholders: Placeholder[] = [];
  const template = Object.entries(merge?.argsFromKeys ?? merge?.args ?? {});
  const parts = template.map(([name, value]) => ({
    name,
    print: printer(value, info?.args.get(name), { lookup, supergraph, placeholders }),
  }));
  return {
    path: [info?.owners.get(lookup.graph)?.sourceName ?? merge?.fieldName ?? ''],
    returns: sourceTypeName(supergraph, info === undefined ? lookup.type : namedType(info.type), lookup.graph),
    placeholders,
    args: (variable) =>
      parts.length === 0 ? '' : `(${parts.map(({ name, print }) => `${name}: ${print(variable)}`).join(', ')})`,
  };
}

/** Each argument whole, as a variable. */
function definedField({ path, returns, arguments: args }: LookupDefinition): LookupField {
  return {
    path,
    returns,
    placeholders: args.map(({ type, value }) => ({ type, value })),
    args: (variable) => `(${args.map(({ name }, index) => `${name}: ${variable(index)}`).join(', ')})`,
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
      placeholders.push({ type: text, value: placeholderValue(lookup, path) });
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

function placeholderValue({ kind, merge }: Lookup, path: readonly string[]): ValueMap {
  if (kind === 'root') return fieldAt(path);
  return { kind: 'list', of: fieldAt(merge?.key === undefined ? [] : merge.key.split('.')) };
}

function fieldAt(path: readonly string[]): ValueMap {
  return path.reduceRight<ValueMap>((of, key) => ({ kind: 'field', key, of }), { kind: 'self' });
}

function itemType(type: TypeRef | undefined): TypeRef | undefined {
  if (type === undefined || type.kind === 'named') return undefined;
  return type.kind === 'list' ? type.of : itemType(type.of);
}
