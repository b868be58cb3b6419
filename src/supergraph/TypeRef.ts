import type { TypeNode } from 'graphql';

/** A type reference as plain data. */
export type TypeRef =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'list'; readonly of: TypeRef }
  | { readonly kind: 'nonNull'; readonly of: TypeRef };

export function typeRef(node: TypeNode): TypeRef {
  switch (node.kind) {
    case 'NamedType':
      return { kind: 'named', name: node.name.value };
    case 'ListType':
      return { kind: 'list', of: typeRef(node.type) };
    case 'NonNullType':
      return { kind: 'nonNull', of: typeRef(node.type) };
  }
}

/** The name inside all lists and non-null marks. */
export function namedType(ref: TypeRef): string {
  return ref.kind === 'named' ? ref.name : namedType(ref.of);
}

/** GraphQL syntax, with each name passed through `rename`. */
export function printTypeRef(ref: TypeRef, rename: (name: string) => string = (name) => name): string {
  switch (ref.kind) {
    case 'named':
      return rename(ref.name);
    case 'list':
      return `[${printTypeRef(ref.of, rename)}]`;
    case 'nonNull':
      return `${printTypeRef(ref.of, rename)}!`;
  }
}
