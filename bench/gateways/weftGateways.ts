import { writeFileSync } from 'node:fs';
import type { Gateway, Shares } from './Gateway.ts';

interface Variant {
  readonly id: string;
  readonly name: string;
  readonly shares: Shares;
  readonly settings: string;
  readonly shaping: Readonly<Record<string, unknown>>;
}

const ROUTER = { router: { deduplicate_query: false } };

const VARIANTS: readonly Variant[] = [
  { id: 'weft', name: 'Weft', shares: 'answers', settings: 'as it comes', shaping: {} },
  {
    id: 'weft-requests',
    name: 'Weft, only upstream requests shared',
    shares: 'requests',
    settings: '`traffic_shaping.router.deduplicate_query: false`',
    shaping: ROUTER,
  },
  {
    id: 'weft-nothing',
    name: 'Weft, nothing shared',
    shares: 'nothing',
    settings: '`deduplicate_query: false` in `traffic_shaping.router` and `traffic_shaping.all`',
    shaping: { ...ROUTER, all: { deduplicate_query: false } },
  },
];

/** Weft as it is built in `root`: with its defaults, and with less and less that equal requests in flight share. */
export function weftGateways(root: string, version: string): readonly Gateway[] {
  return VARIANTS.map(({ id, name, shares, settings, shaping }) => ({
    id,
    name,
    shares,
    version,
    settings,
    // Over one connection there is nothing in flight to share.
    asks: ({ connections }) => connections > 1 || id === 'weft',
    start({ port, scene, work }) {
      const file = `${work}/${id}-${scene.name}.json`;
      const traffic = Object.keys(shaping).length === 0 ? {} : { traffic_shaping: shaping };
      writeFileSync(file, JSON.stringify({ port, ...scene.config, ...traffic }));
      return { command: [process.execPath, `${root}/dist/main.js`, 'serve', '--config', file] };
    },
  }));
}
