import { readFileSync } from 'node:fs';

/** The four of the public gateways benchmark. */
export const SHOP = ['accounts', 'inventory', 'products', 'reviews'] as const;
/** Five that know a part of the same thousand items each. */
export const ENTITIES = ['items', 'prices', 'stocks', 'ratings', 'sellers'] as const;
export const SUBGRAPHS = [...SHOP, ...ENTITIES] as const;

/** `events` is one more: see events.ts. */
export type SubgraphName = (typeof SUBGRAPHS)[number] | 'events';

export function readSdl(name: string): string {
  return readFileSync(sdlFile(name), 'utf8');
}

export function sdlFile(name: string): URL {
  return new URL(`./schemas/${name}.graphql`, import.meta.url);
}
