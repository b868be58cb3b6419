import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse } from 'graphql';
import { createBackendSchema, type Resolvers } from './createBackendSchema.ts';

/** `{ __typename, ...key fields, ...required fields }` as the gateway sends it. */
export type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** Finds the entity of a representation; null or undefined where there is none. */
export type ReferenceResolver = (representation: Representation) => object | null | undefined;

export interface FederatedSchemaOptions {
  readonly sdl: string;
  readonly resolvers: Resolvers;
  /** By the name of the entity's type. */
  readonly references: Readonly<Record<string, ReferenceResolver>>;
}

/** The schema of a federated service: its own SDL plus `_service` and `_entities` of the federation specification. */
export function createFederatedSchema(options: FederatedSchemaOptions): GraphQLSchema {
  const own = parse(options.sdl);
  const entities = Object.keys(options.references);
  const machinery = parse(`
    scalar _Any
    type _Service { sdl: String! }
    union _Entity = ${entities.join(' | ')}
    extend type Query {
      _service: _Service!
      _entities(representations: [_Any!]!): [_Entity]!
    }
  `);
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...own.definitions, ...machinery.definitions] };
  return createBackendSchema(document, {
    ...options.resolvers,
    Query: {
      ...options.resolvers['Query'],
      _service: () => ({ sdl: options.sdl }),
      _entities: (_parent: unknown, args: { readonly representations: readonly Representation[] }) =>
        args.representations.map((representation) => resolveReference(representation, options.references)),
    },
  });
}

/** An error stands for its own entity only: graphql-js takes an `Error` in a list as that item's error. */
function resolveReference(
  representation: Representation,
  references: FederatedSchemaOptions['references'],
): object | Error | null {
  const reference = references[representation.__typename];
  if (reference === undefined)
    return new GraphQLError(`"${representation.__typename}" is not an entity of this service.`);
  const entity = reference(representation);
  return entity === null || entity === undefined ? null : { ...entity, __typename: representation.__typename };
}
