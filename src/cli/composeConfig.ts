import { readFile } from 'node:fs/promises';
import type { Config } from '../config/Config.ts';
import { type Issue, IssuesError } from '../errors/Issue.ts';
import { composeLoaded } from '../registry/composeLoaded.ts';
import { extendGraph } from '../registry/extendGraph.ts';
import { createCredentialStore } from '../sources/credentials/createCredentialStore.ts';
import { loadSubgraph } from '../sources/loadSubgraph.ts';
import { createHttpClient } from '../upstream/createHttpClient.ts';

/** Loads every subgraph and composes them. Rejects with an `IssuesError` of all that cannot be loaded, or of the composition. */
export async function composeConfig(config: Config, onHint: (hint: Issue) => void = () => {}): Promise<string> {
  const http = createHttpClient();
  try {
    const load = { http, readFile: (path: string) => readFile(path, 'utf8') };
    const credentials = createCredentialStore(load);
    const names = config.subgraphs.map(({ name }) => name);
    await credentials.open(config, names);
    const loaded = config.subgraphs.map((subgraph) =>
      loadSubgraph(subgraph, { ...load, credentials: credentials.of(subgraph.name) }),
    );
    const results = await Promise.allSettled(loaded);
    const issues = results.flatMap((result) => (result.status === 'rejected' ? issuesOf(result.reason) : []));
    if (issues.length > 0) throw new IssuesError('The subgraphs cannot be loaded.', issues);
    const composed = composeLoaded(
      config.subgraphs.map((own, index) => {
        const result = results[index];
        return { config: own, subgraph: result?.status === 'fulfilled' ? result.value : undefined };
      }),
    );
    if ('issues' in composed) throw new IssuesError('The subgraphs cannot be composed.', composed.issues);
    for (const hint of composed.hints) onHint(hint);
    return extendConfigured(composed.sdl, config);
  } finally {
    await http.close();
  }
}

/** The document with what the configuration itself adds to it. Throws an `IssuesError` of all that stands against that. */
export function extendConfigured(sdl: string, config: Config): string {
  const extended = extendGraph(sdl, config);
  if ('issues' in extended) throw new IssuesError('The gateway schema does not fit the graph.', extended.issues);
  return extended.sdl;
}

function issuesOf(error: unknown): readonly Issue[] {
  if (error instanceof IssuesError) return error.issues;
  throw error;
}
