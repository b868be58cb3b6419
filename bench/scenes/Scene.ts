/** What stands behind the gateway: a graph, and how to count what it is asked. */
export interface Scene {
  readonly name: SceneName;
  /** Its GraphQL subgraphs, for gateways that compose themselves. */
  readonly subgraphs: readonly { readonly name: string; readonly url: string; readonly sdlFile: string }[];
  /** The file of the composed whole; absent where there are other sources than GraphQL. */
  readonly supergraph?: string;
  /** `GET /stats` there says requests by subgraph, `GET /reset` begins anew. */
  readonly control: string;
  /** What Weft's configuration says of it. */
  readonly config: Readonly<Record<string, unknown>>;
}

export type SceneName = 'shop' | 'entities' | 'events' | 'demo';
