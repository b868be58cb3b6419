import type { Subgraph } from '../../../src/supergraph/Subgraph.ts';

const NAMES =
  'key shareable external requires provides override inaccessible tag interfaceObject composeDirective cost listSize authenticated requiresScopes policy cacheTag context fromContext';

/**
 * Subgraphs of federation's newest version out of one text: `# subgraph: NAME` begins each, directives of the schema may follow,
 * `# import: X` takes the place of the import of the same name. Line 1 is the link.
 */
export function subgraphs(text: string): Subgraph[] {
  return text
    .split(/^# subgraph: */m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n');
      const own = /^# import: *(.*)$/m.exec(part)?.[1];
      const renamed = own === undefined ? undefined : /name: "@(\w+)"/.exec(own)?.[1];
      const imports = NAMES.split(' ').map((entry) => (entry === renamed ? own : `"@${entry}"`));
      const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports.join(', ')}])`;
      return {
        name: name.trim(),
        url: `http://127.0.0.1/${name.trim()}`,
        sdl: [link, ...lines].join('\n'),
        definition: { source: { kind: 'graphql' } },
      };
    });
}
