import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FieldRequirements } from '../../supergraph/authorization/fieldRequirements.ts';
import type { Requirement } from '../../supergraph/authorization/Requirement.ts';
import { schemaDocument, visibleSchema } from '../../supergraph/authorization/visibleSchema.ts';
import type { Supergraph } from '../../supergraph/Supergraph.ts';

/** What introspection shows. */
export interface VisibleSchema {
  /** The same for callers who are shown the same. */
  readonly key: string;
  readonly schema: GraphQLSchema;
}

export interface VisibleSchemas {
  /** All that any field needs. */
  readonly requirements: readonly Requirement[];
  get(key: string, unmet: ReadonlySet<Requirement>): VisibleSchema;
}

/** Callers differ in few ways; of more, what was not asked for longest is made again. */
const KEPT = 16;

export function createVisibleSchemas({ clientSchema, roots }: Supergraph, fields: FieldRequirements): VisibleSchemas {
  const made = new LRUCache<string, VisibleSchema>({ max: KEPT });
  let document: DocumentNode | undefined;
  const requirements = Object.values(clientSchema.getTypeMap()).flatMap((type) =>
    'getFields' in type ? Object.keys(type.getFields()).flatMap((field) => fields.of(type.name, field) ?? []) : [],
  );
  return {
    requirements: [...new Set(requirements)],
    get(key, unmet) {
      const known = made.get(key);
      if (known !== undefined) return known;
      if (unmet.size === 0) return { key, schema: clientSchema };
      document ??= schemaDocument(clientSchema);
      const isHidden = (type: string, field: string) => {
        const requirement = fields.of(type, field);
        return requirement !== undefined && unmet.has(requirement);
      };
      const visible = { key, schema: visibleSchema(document, { queryType: roots.query, isHidden }) };
      made.set(key, visible);
      return visible;
    },
  };
}
