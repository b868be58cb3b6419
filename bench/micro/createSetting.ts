import { parse } from 'graphql';
import { type PreparedOperation, prepareOperation } from '../../src/execute/prepareOperation.ts';
import type { Run } from '../../src/execute/Run.ts';
import { createRun, runPlan } from '../../src/execute/runPlan.ts';
import type { Source, SourceResult } from '../../src/execute/Source.ts';
import { createRouter, type Router } from '../../src/plan/createRouter.ts';
import { evaluateGuards } from '../../src/plan/guards.ts';
import { parseSupergraph } from '../../src/supergraph/parseSupergraph.ts';
import type { Supergraph } from '../../src/supergraph/Supergraph.ts';
import { composeGraph, type Document } from '../subgraphs/composeGraph.ts';

export interface Setting {
  readonly supergraph: Supergraph;
  readonly router: Router;
  /** In this process: a question that was asked before gets the very same reply, so that nothing but the gateway costs time. */
  readonly sources: ReadonlyMap<string, Source>;
}

export interface Answered {
  readonly operation: PreparedOperation;
  /** With all replies in. */
  readonly run: Run;
}

/** A graph over subgraphs in this process; `answer` is asked for each question once: the JSON of a reply to that of a request. */
export function createSetting(
  documents: readonly Document[],
  answer: (subgraph: string, body: string) => string,
): Setting {
  const supergraph = parseSupergraph(composeGraph(documents, 'http://127.0.0.1:9'));
  const sources = documents.map(({ name }): Source => {
    const replies = new Map<string, SourceResult>();
    return {
      name,
      async fetch({ operation, variables }) {
        const key = `${operation.document}\n${variables}`;
        const known = replies.get(key);
        if (known !== undefined) return known;
        const body = `{"query":${JSON.stringify(operation.document)},"variables":${variables}}`;
        const reply = JSON.parse(answer(name, body)) as SourceResult;
        replies.set(key, reply);
        return reply;
      },
    };
  });
  return {
    supergraph,
    router: createRouter(supergraph),
    sources: new Map(sources.map((source) => [source.name, source])),
  };
}

/** An operation, prepared and with its replies. */
export async function answered({ supergraph, router, sources }: Setting, query: string): Promise<Answered> {
  const operation = prepareOperation(parse(query), null, router);
  const run = createRun(operation, { guards: evaluateGuards(operation.plan.guards, {}), maxObjects: 200_000 });
  const context = { headers: { get: () => null } };
  await runPlan(operation, run, { supergraph, sources, context, variables: {} });
  return { operation, run };
}
