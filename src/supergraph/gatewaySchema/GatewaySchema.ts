/** What a user adds to the graph in the gateway itself: type definitions, and which of their fields have resolvers. */
export interface GatewaySchema {
  readonly typeDefs: readonly TypeDefs[];
  /** By `Type.field`. */
  readonly resolvers: ReadonlyMap<string, ResolverFacts>;
}

export interface TypeDefs {
  readonly sdl: string;
  /** Where it comes from, for issues. */
  readonly file?: string | undefined;
}

export interface ResolverFacts {
  /** What the resolver reads of its object, such as `{ price weight }`. */
  readonly selectionSet?: string | undefined;
}
