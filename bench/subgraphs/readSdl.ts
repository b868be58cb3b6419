import { readFileSync } from 'node:fs';

export const SUBGRAPHS = ['accounts', 'inventory', 'products', 'reviews'] as const;

export function readSdl(name: string): string {
  return readFileSync(new URL(`./schemas/${name}.graphql`, import.meta.url), 'utf8');
}
