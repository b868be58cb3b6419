import type { BackendPorts, Backends } from '../startBackends.ts';

const names: readonly (keyof Backends)[] = ['accounts', 'products', 'reviews', 'inventory', 'shipping'];

/** Ports of the services from `ACCOUNTS_PORT` and so on; throws where one is not a port. */
export function readPorts(environment: NodeJS.ProcessEnv): BackendPorts {
  const ports: Partial<Record<keyof Backends, number>> = {};
  for (const name of names) {
    const variable = `${name.toUpperCase()}_PORT`;
    const text = environment[variable];
    if (text === undefined || text === '') continue;
    const port = Number(text);
    if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) {
      throw new Error(`${variable} takes a whole number from 0 to 65535, not "${text}".`);
    }
    ports[name] = port;
  }
  return ports;
}
