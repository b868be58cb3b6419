import type { DocumentNode } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { directiveArguments } from '../directiveArguments.ts';
import { RATE_LIMIT, readFieldLimit } from '../fieldLimits.ts';
import { argumentsText, type Carried, carryDirectives } from './carryDirectives.ts';
import { fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';

interface Service {
  readonly name: string;
  readonly document: DocumentNode;
}

/** `@rateLimit`s of fields in the supergraph: a subgraph's own directives end with it otherwise. */
export function carryRateLimits(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const graphs = graphNames(supergraph);
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, document } of services) {
    const graph = graphs.get(name);
    if (graph === undefined) continue;
    for (const { path, directive } of usesOf(document)) {
      if (typeof readFieldLimit(directiveArguments({ directives: [directive] }, RATE_LIMIT)[0] ?? {}) !== 'object')
        continue;
      const args = argumentsText(directive);
      const byArgs = found.get(path) ?? new Map<string, string[]>();
      found.set(path, byArgs.set(args, [...(byArgs.get(args) ?? []), graph]));
    }
  }
  return carryDirectives(supergraph, found satisfies Carried, { name: RATE_LIMIT });
}

/** A limit that cannot be read would be one that is not there. */
export function checkRateLimits({ name, document }: Service): readonly Issue[] {
  return usesOf(document).flatMap(({ path, directive }) => {
    const limit = readFieldLimit(directiveArguments({ directives: [directive] }, RATE_LIMIT)[0] ?? {});
    if (typeof limit !== 'string') return [];
    return [{ message: `@rateLimit: ${limit}`, path, subgraphs: [name], code: 'INVALID_RATE_LIMIT' }];
  });
}

function usesOf(document: DocumentNode) {
  return fieldTypes(document).flatMap((type) =>
    (type.fields ?? []).flatMap((field) =>
      (field.directives ?? [])
        .filter((directive) => directive.name.value === RATE_LIMIT)
        .map((directive) => ({ path: `${type.name.value}.${field.name.value}`, directive })),
    ),
  );
}
