import { type DocumentNode, Kind } from 'graphql';
import { directiveArguments } from '../../src/supergraph/directiveArguments.ts';

/** How a subgraph calls the directives of federation, as its `@link` has it; by their own names where it has none (Federation 1). */
export function directiveNames(document: DocumentNode): (directive: string) => string {
  const links = document.definitions
    .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
    .flatMap((node) => directiveArguments(node, 'link'))
    .filter((args) => /\/federation\/v/.test(String(args['url'])));
  const [link] = links;
  if (link === undefined) return (directive) => directive;
  const imports = new Map<string, string>();
  for (const one of (link['import'] as readonly (string | { name: string; as?: string })[] | undefined) ?? []) {
    const [name, as] = typeof one === 'string' ? [one, one] : [one.name, one.as ?? one.name];
    imports.set(name.replace('@', ''), as.replace('@', ''));
  }
  const prefix = typeof link['as'] === 'string' ? link['as'] : 'federation';
  return (directive) => imports.get(directive) ?? `${prefix}__${directive}`;
}
