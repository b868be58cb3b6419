import type { ConstDirectiveNode, DocumentNode } from 'graphql';
import { argumentsText, type Carried, carryDirectives } from './carryDirectives.ts';
import { fieldTypes } from './checkDocument.ts';
import { graphNames } from './graphNames.ts';
import { federationName, isFederation, readLinks } from './links.ts';

interface Service {
  readonly name: string;
  readonly document: DocumentNode;
}

const LINK = '@link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)';

/** `@cacheTag`s in the supergraph, as Apollo's composer writes them: the composer here knows none. */
export function carryCacheTags(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const tags = tagsByCoordinate(services, graphNames(supergraph));
  return carryDirectives(supergraph, tags, { name: 'federation__cacheTag', link: LINK });
}

/** By `Type` and `Type.field`: equal tags of several subgraphs are one. */
function tagsByCoordinate(services: readonly Service[], graphs: ReadonlyMap<string, string>): Carried {
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, document } of services) {
    const links = readLinks(document);
    const graph = graphs.get(name);
    const cacheTag = federationName(links, 'cacheTag');
    if (graph === undefined || !links.some(isFederation)) continue;
    const note = (path: string, node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
      for (const directive of node.directives ?? []) {
        if (directive.name.value !== cacheTag) continue;
        const args = argumentsText(directive);
        const byArgs = found.get(path) ?? new Map<string, string[]>();
        found.set(path, byArgs.set(args, [...(byArgs.get(args) ?? []), graph]));
      }
    };
    for (const type of fieldTypes(document)) {
      note(type.name.value, type);
      for (const field of type.fields ?? []) note(`${type.name.value}.${field.name.value}`, field);
    }
  }
  return found;
}
