/** The names by which remembered parts are invalidated. Types by their names in the supergraph. */
export const tags = {
  subgraph: (subgraph: string) => `subgraph:${subgraph}`,
  /** Everything of a subgraph that has a value of the type. */
  type: (subgraph: string, type: string) => `type:${subgraph}:${type}`,
  /** Entities of the type. */
  entities: (type: string) => `entities:${type}`,
  /** What has values of the type inside: lists of them, say. */
  within: (type: string) => `within:${type}`,
  /** One entity, by one of its keys. */
  key: (type: string, key: string, values: readonly unknown[]) => `key:${type}:${key}=${JSON.stringify(values)}`,
  /** Entities whose value of this key is not known. */
  anyKey: (type: string, key: string) => `key:${type}:${key}`,
  /** As a graph itself names it, by `@cacheTag`. */
  cacheTag: (subgraph: string, tag: string) => `tag:${subgraph}:${tag}`,
};
