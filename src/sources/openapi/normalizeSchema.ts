import { asList, asNode, asText, isNode, type Spec, type SpecNode } from './Spec.ts';

/** A schema without its indirections: 3.0's and 3.1's ways to say null are one, `allOf` is merged. */
export interface NormalSchema {
  readonly node: SpecNode;
  /** The component's name. */
  readonly name: string | undefined;
  readonly nullable: boolean;
  readonly type: string | undefined;
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  /** Members of `oneOf` or `anyOf` other than null. */
  readonly choices: readonly unknown[];
}

export function normalizeSchema(spec: Spec, schema: unknown, seen: ReadonlySet<unknown> = new Set()): NormalSchema {
  const { node, name } = spec.resolve(schema);
  const types = Array.isArray(node['type']) ? node['type'] : [node['type']];
  const members = asList(node['oneOf'] ?? node['anyOf']);
  const choices = members.filter((member) => asNode(member)['type'] !== 'null');
  const named = types.filter((type) => type !== 'null');
  let nullable = node['nullable'] === true || types.includes('null') || choices.length < members.length;
  const properties = new Map<string, unknown>();
  const required = new Set<string>();
  let type = named.length === 1 ? asText(named[0]) : undefined;
  let merged = node;
  const parts = seen.has(node) ? [] : asList(node['allOf']);
  for (const part of parts) {
    const inner = normalizeSchema(spec, part, new Set([...seen, node]));
    for (const [key, value] of inner.properties) properties.set(key, value);
    for (const key of inner.required) required.add(key);
    type ??= inner.type;
    if (parts.length === 1) {
      // `allOf` around one `$ref` is how 3.0 writes a description or `nullable` beside it.
      const isBare = !isNode(node['properties']);
      if (isBare && node['type'] === undefined && name === undefined) {
        return { ...inner, nullable: nullable || inner.nullable };
      }
      merged = { ...inner.node, ...node };
    }
    nullable ||= inner.nullable && parts.length === 1;
  }
  for (const [key, value] of Object.entries(asNode(node['properties']))) properties.set(key, value);
  for (const key of asList(node['required'])) required.add(String(key));
  return { node: merged, name, nullable, type, properties, required, choices };
}
