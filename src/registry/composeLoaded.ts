import { print } from 'graphql';
import type { TransformsConfig } from '../config/Config.ts';
import type { Issue } from '../errors/Issue.ts';
import { findUnsatisfied } from '../plan/findUnsatisfied.ts';
import { type Composed, compose } from '../supergraph/compose/compose.ts';
import type { Subgraph } from '../supergraph/Subgraph.ts';
import { transformSubgraph } from '../supergraph/transformSubgraph.ts';
import { translate } from '../supergraph/translate.ts';
import type { LoadedSubgraph } from './createLoader.ts';

/** The supergraph SDL of what is there, the transforms of the configuration applied; or all that stands against it. */
export function composeLoaded(
  loaded: readonly Pick<LoadedSubgraph, 'config' | 'subgraph'>[],
): Composed | { readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const subgraphs = loaded.flatMap(({ subgraph, config: { transforms } }) => {
    if (subgraph === undefined) return [];
    if (transforms === undefined) return [subgraph];
    const result = translateAndTransform(subgraph, transforms);
    if ('subgraph' in result) return [result.subgraph];
    issues.push(...result.issues);
    return [];
  });
  if (issues.length > 0) return { issues };
  if (subgraphs.length === 0) return { issues: [{ message: 'There is no subgraph whose schema could be loaded.' }] };
  const composed = compose(subgraphs, { findUnsatisfied });
  return 'issues' in composed
    ? { issues: composed.issues.map((issue) => inFile(issue, loaded)) }
    : { ...composed, hints: composed.hints.map((hint) => inFile(hint, loaded)) };
}

/** An issue with the file that its line is of; without the line where transforms have written the schema anew. */
function inFile(issue: Issue, loaded: readonly Pick<LoadedSubgraph, 'config'>[]): Issue {
  const [first] = issue.subgraphs ?? [];
  const found = loaded.find(({ config }) => config.name === first);
  if (issue.line === undefined || issue.file !== undefined || found === undefined) return issue;
  const { schema, transforms } = found.config;
  const { line: _line, column: _column, ...unplaced } = issue;
  if (transforms !== undefined) return unplaced;
  return schema?.kind === 'file' ? { ...issue, file: schema.file } : issue;
}

/** Transforms know Federation's words only: what is written in others is put into those first. */
function translateAndTransform(subgraph: Subgraph, transforms: TransformsConfig): ReturnType<typeof transformSubgraph> {
  const translated = translate(subgraph);
  if ('issues' in translated) return translated;
  const isSame = translated.definition === subgraph.definition;
  return transformSubgraph(
    isSame ? subgraph : { ...subgraph, sdl: print(translated.document), definition: translated.definition },
    transforms,
  );
}
