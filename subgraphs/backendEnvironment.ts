import type { Backends } from './startBackends.ts';

/** Running services as the environment variables that weft.config.yaml reads: `ACCOUNTS_URL` and so on. */
export function backendEnvironment(backends: Backends): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(backends).map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]));
}
