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
  /** Answers of a REST service, by its subgraph; `*` of all. */
  http: (subgraph: string) => `http:${subgraph}`,
  url: (url: string) => `url:${url}`,
};

/**
 * With the answers of REST services that what is invalidated may be made of: these do not know what they have. `type` and `tag` name a
 * subgraph, keys and types alone any.
 */
export function withHttp(invalidated: readonly string[]): readonly string[] {
  const more = new Set<string>();
  for (const tag of invalidated) {
    const [kind = '', subgraph = ''] = tag.split(':');
    if (kind === 'type' || kind === 'tag') more.add(tags.http(subgraph));
    else if (kind === 'key' || kind === 'entities' || kind === 'within') more.add(tags.http('*'));
  }
  return more.size === 0 ? invalidated : [...invalidated, ...more];
}
