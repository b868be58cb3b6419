import { validateHeaderName, validateHeaderValue } from 'node:http';

/**
 * Whether a WebSocket can be made of this address and these headers. Checked before, because what the constructor throws inside the
 * graphql-ws client is a rejection that nobody can handle.
 */
export function isConnectable(url: string, headers: Readonly<Record<string, string>>): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    const { protocol, hash } = new URL(url);
    return (protocol === 'ws:' || protocol === 'wss:') && hash === '';
  } catch {
    return false;
  }
}
