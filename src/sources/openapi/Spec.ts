/** Anything in the specification's document, read with care: its shape is checked by the validator at registration only. */
export type SpecNode = Readonly<Record<string, unknown>>;

export interface Spec {
  readonly document: SpecNode;
  /** 1-based line of a JSON pointer (`#/paths/~1stock`), where it is known. */
  lineOf(pointer: string): number | undefined;
  /** Follows `$ref`s. `name` is the component's, where the last one leads to a component. */
  resolve(node: unknown): { readonly node: SpecNode; readonly name: string | undefined };
}

export function isNode(value: unknown): value is SpecNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asNode(value: unknown): SpecNode {
  return isNode(value) ? value : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
