import type { SubgraphConfig } from '../config/Config.ts';

/** Whether a subgraph's schema comes from a backend: such a one is polled, and may be down. */
export function isRemote({ schema }: SubgraphConfig): boolean {
  if (schema?.kind === 'openapi') return /^https?:\/\//i.test(schema.location);
  return schema?.kind === 'introspection' || schema?.kind === 'service';
}
