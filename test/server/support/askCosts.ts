import type { Gateway } from '../../../src/index.ts';

interface Costed {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions: { readonly cost: { readonly subgraphs: object } };
}

/** Asks a gateway that exposes what operations cost. */
export async function askCosts(gateway: Pick<Gateway, 'fetch'>, query: string): Promise<Costed> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  const response = await gateway.fetch(new Request('http://any.example/graphql', request));
  return (await response.json()) as Costed;
}
