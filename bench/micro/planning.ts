/** What does it cost to plan an operation, and what of that is parsing and validation, which come before? */
import { parse, validate } from 'graphql';
import { prepareOperation, readExecutable } from '../../src/execute/prepareOperation.ts';
import { createPlan } from '../../src/plan/createPlan.ts';
import { createRouter } from '../../src/plan/createRouter.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import { compareCases } from './compareCases.ts';
import { publicGraph, queryOf } from './publicGraph.ts';

export default async function planning(): Promise<string> {
  const { supergraph, router } = publicGraph();
  const cases = ['A', 'B', 'C'].flatMap((letter) => {
    const query = queryOf(letter);
    const document = parse(query);
    const { operation, fragments } = readExecutable(document, null);
    return [
      { name: `${letter}: parse`, run: () => parse(query) },
      { name: `${letter}: validate`, run: () => validate(supergraph.clientSchema, document) },
      { name: `${letter}: plan`, run: () => createPlan(operation, fragments, router) },
      {
        name: `${letter}: plan, print documents, make collectors`,
        run: () => prepareOperation(document, null, router),
      },
    ];
  });
  return compareCases('Planning', [
    ...cases,
    { name: 'the supergraph: parse', run: () => parseSupergraph(supergraph.sdl) },
    { name: 'the supergraph: routes, and the first plan of A', run: firstPlan(queryOf('A'), supergraph) },
  ]);
}

/** Routes are found when they are asked for. */
function firstPlan(query: string, supergraph: ReturnType<typeof parseSupergraph>): () => unknown {
  const { operation, fragments } = readExecutable(parse(query), null);
  return () => createPlan(operation, fragments, createRouter(supergraph));
}
