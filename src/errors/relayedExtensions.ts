/** Where servers put their stacks; a client gets none of them, whatever the subgraph sent. */
const STACKS = new Set(['stacktrace', 'stackTrace', 'exception', 'stack']);

/** Extensions of a subgraph's own error for the client: with the subgraph's name and a code in every case, without stacks. */
export function relayedExtensions(
  extensions: Readonly<Record<string, unknown>> | undefined,
  subgraph: string,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(extensions ?? {}).filter(([name]) => !STACKS.has(name));
  const code = extensions?.['code'];
  return { ...Object.fromEntries(kept), code: typeof code === 'string' ? code : 'SUBGRAPH_ERROR', subgraph };
}
