import type { SubgraphConfig } from '../config/Config.ts';

/** Which backend a schema is of: what stood under this name before must not stand in for another one. Headers stay out, they may be secret. */
export function identityOf({ name, url, schema }: SubgraphConfig): string {
  const { headers: _headers, ...location } = { headers: undefined, ...schema };
  return JSON.stringify([name, url, location]);
}
