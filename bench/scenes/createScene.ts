import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { IssuesError } from '../../src/errors/Issue.ts';
import { compose } from '../../src/supergraph/compose/compose.ts';
import { ENTITIES, readSdl, SHOP, type SubgraphName, sdlFile } from '../subgraphs/readSdl.ts';
import type { Ports } from './portsFrom.ts';
import type { Scene, SceneName } from './Scene.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Makes a scene out of its subgraphs; what is written (a supergraph) goes into the folder `work`. */
export function createScene(name: SceneName, ports: Ports, work: string): Scene {
  if (name === 'demo') return createDemo(ports);
  const names = { shop: SHOP, entities: ENTITIES, events: ['products', 'events'] as const }[name];
  const subgraphs = names.map((one) => ({ name: one, url: urlOf(one, ports), sdlFile: fileURLToPath(sdlFile(one)) }));
  const supergraph = `${work}/${name}.graphql`;
  writeFileSync(supergraph, composed(subgraphs));
  const events = { name: 'events', subscriptions: { protocol: 'ws', url: `ws://127.0.0.1:${ports.events}/events` } };
  return {
    name,
    subgraphs,
    supergraph,
    control: `http://127.0.0.1:${ports.subgraphs}`,
    config: { supergraph, ...(name === 'events' ? { subgraphs: [events] } : {}) },
  };
}

const urlOf = (name: SubgraphName, ports: Ports) =>
  `http://127.0.0.1:${name === 'events' ? ports.events : ports.subgraphs}/${name}`;

function composed(subgraphs: Scene['subgraphs']): string {
  const result = compose(
    subgraphs.map(({ name, url }) => ({ name, url, sdl: readSdl(name), definition: { source: { kind: 'graphql' } } })),
  );
  if (!('sdl' in result)) throw new IssuesError('The subgraphs cannot be composed.', result.issues);
  return result.sdl;
}

/** The demo's own configuration, with other places. */
function createDemo({ demo }: Ports): Scene {
  const text = readFileSync(`${root}weft.config.yaml`, 'utf8')
    .replaceAll('./schemas/', `${root}schemas/`)
    .replace(/:-([^}]*)410([1-5])/g, (_, host: string, nth: string) => `:-${host}${demo + Number(nth)}`);
  const { subgraphs } = parse(text) as { readonly subgraphs: unknown };
  return { name: 'demo', subgraphs: [], control: `http://127.0.0.1:${demo}`, config: { subgraphs } };
}
