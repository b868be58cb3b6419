import { type DocumentNode, type FieldNode, Kind, visit } from 'graphql';

export interface Pruned {
  readonly document: DocumentNode;
  /** What stands for a refused field, by its response key there. */
  readonly markers: ReadonlyMap<string, Marker>;
}

export interface Marker {
  /** The response key that the client knows. */
  readonly name: string;
  readonly node: FieldNode;
}

/** No client can know them. */
const PREFIX = `__limited_${crypto.randomUUID().replaceAll('-', '')}_`;

/**
 * The document with `__typename` in the place of each refused field, so that nothing is asked for it and its place in the answer is kept. What would
 * be deferred comes with the rest.
 */
export function withoutFields(document: DocumentNode, refused: ReadonlySet<FieldNode>): Pruned {
  const markers = new Map<string, Marker>();
  const pruned = visit(document, {
    Field(node) {
      if (!refused.has(node)) return undefined;
      const key = `${PREFIX}${markers.size}`;
      markers.set(key, { name: (node.alias ?? node.name).value, node });
      const { directives = [] } = node;
      return {
        kind: Kind.FIELD,
        alias: { kind: Kind.NAME, value: key },
        name: { kind: Kind.NAME, value: '__typename' },
        directives,
      } as const;
    },
    Directive: (node) => (['defer', 'stream'].includes(node.name.value) ? null : undefined),
  });
  return { document: pruned, markers };
}
