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

/** `@cacheTag`s in the supergraph, as Apollo's composer writes them, and `@cacheControl`s in the same way: the composer here knows none of both. */
export function carryCacheTags(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const graphs = graphNames(supergraph);
  const tags = byCoordinate(services, graphs, cacheTagOf);
  const controls = byCoordinate(services, graphs, () => 'cacheControl');
  const tagged = carryDirectives(supergraph, tags, { name: 'federation__cacheTag', link: LINK });
  return carryDirectives(tagged, controls, { name: 'cacheControl' });
}

function cacheTagOf(document: DocumentNode): string | undefined {
  const links = readLinks(document);
  return links.some(isFederation) ? federationName(links, 'cacheTag') : undefined;
}

/** By `Type` and `Type.field`: equal ones of several subgraphs are one. `nameOf` is what the directive goes by in a document. */
function byCoordinate(
  services: readonly Service[],
  graphs: ReadonlyMap<string, string>,
  nameOf: (document: DocumentNode) => string | undefined,
): Carried {
  const found = new Map<string, Map<string, string[]>>();
  for (const { name, document } of services) {
    const graph = graphs.get(name);
    const directiveName = nameOf(document);
    if (graph === undefined || directiveName === undefined) continue;
    const note = (path: string, node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
      for (const directive of node.directives ?? []) {
        if (directive.name.value !== directiveName) continue;
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
