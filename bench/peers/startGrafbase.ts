import { mkdirSync, writeFileSync } from 'node:fs';
import type { Place, Start } from '../gateways/Gateway.ts';

/** How Grafbase's binary starts: it composes by itself, so that it gets the subgraphs and not the supergraph. */
export function startGrafbase({ port, scene, work }: Place, home: string, sharesRequests: boolean): Start {
  const folder = `${work}/grafbase-${scene.name}`;
  mkdirSync(folder, { recursive: true });
  const lines = [
    '[graph]\npath = "/graphql"\nintrospection = false',
    ...(sharesRequests ? [] : ['[traffic_shaping]\ninflight_deduplication = false']),
    ...scene.subgraphs.map(
      ({ name, url, sdlFile }) => `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${sdlFile}"`,
    ),
  ];
  writeFileSync(`${folder}/grafbase.toml`, lines.join('\n\n'));
  const binary = `${home}/node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase`;
  const options = ['--home', folder, 'dev', '-c', 'grafbase.toml', '--listen-address', `127.0.0.1:${port}`];
  return { command: [binary, ...options], cwd: folder, env: { HOME: folder } };
}
