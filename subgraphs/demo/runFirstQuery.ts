export interface FirstQuery {
  readonly query: string;
  /** The plan as text. */
  readonly plan: string;
  readonly answer: unknown;
}

/** Sends a query through the gateway over HTTP, as any client would, and asks for its plan. */
export async function runFirstQuery(url: string, query: string): Promise<FirstQuery> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'weft-plan': '1' },
    body: JSON.stringify({ query }),
  });
  const { extensions, ...answer } = (await response.json()) as { readonly extensions?: { readonly plan?: unknown } };
  const plan = extensions?.plan;
  return { query, plan: typeof plan === 'string' ? plan : JSON.stringify(plan, null, 2), answer };
}
