import type { Link } from './compose/links.ts';

/**
 * All names that a directive goes by in a supergraph document: its own, which counts though the document forgets the link, behind the name of a
 * specification, and what `as` makes of it, of the link or of an import.
 */
export function directiveNames(directive: string, links: readonly Link[]): ReadonlySet<string> {
  const names = links.flatMap(({ identity, name, imports }) => {
    const isOwn = identity.endsWith(`/${directive}`);
    const imported = imports.flatMap((entry) => (entry.name === `@${directive}` ? entry.as.slice(1) : []));
    return [...(isOwn ? [name] : [`${name}__${directive}`]), ...imported];
  });
  return new Set([directive, ...names]);
}
