import { IssuesError } from '../../src/errors/Issue.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { readSdl, SHOP } from './readSdl.ts';

export interface Document {
  readonly name: string;
  readonly sdl: string;
}

/** The four subgraphs of the benchmark. */
export const DOCUMENTS: readonly Document[] = SHOP.map((name) => ({ name, sdl: readSdl(name) }));

/** The supergraph of GraphQL subgraphs that stand side by side at one address, each under its name. */
export function composeGraph(documents: readonly Document[], address: string): string {
  const result = compose(
    documents.map(({ name, sdl }) => ({
      name,
      url: `${address}/${name}`,
      sdl,
      definition: { source: { kind: 'graphql' } },
    })),
  );
  if (!('sdl' in result)) throw new IssuesError('The subgraphs cannot be composed.', result.issues);
  return result.sdl;
}
