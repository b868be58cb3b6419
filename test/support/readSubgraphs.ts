import type { Subgraph, SubgraphDefinition } from '../../src/supergraph/Subgraph.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])';

/**
 * Subgraphs out of one text: `# subgraph: NAME` begins each, `# definition: {...}` is what a subgraph that is not federated says of itself
 * (its `source` may be left out). Federated ones get the federation link, unless they bring their own.
 */
export function readSubgraphs(text: string): Subgraph[] {
  const parts = text.split(/^# subgraph: */m).slice(1);
  return parts.map((part) => {
    const [name = ''] = part.split('\n', 1);
    const given = /^# definition: *(.*)$/m.exec(part)?.[1];
    const definition: SubgraphDefinition = {
      source: { kind: 'graphql' },
      ...(given === undefined ? {} : (JSON.parse(given) as object)),
    };
    const sdl = part.slice(name.length);
    return {
      name: name.trim(),
      url: `http://127.0.0.1/${name.trim()}`,
      sdl: given === undefined && !/^extend schema/m.test(sdl) ? `${LINK}\n${sdl}` : sdl,
      definition,
    };
  });
}
