import { writeFileSync } from 'node:fs';
import { createGuard, type Guard } from './createGuard.ts';
import type { Gateway, Shares } from './Gateway.ts';

interface Variant {
  readonly id: string;
  readonly name: string;
  readonly shares: Shares;
  readonly settings: string;
  readonly shaping: Readonly<Record<string, unknown>>;
  readonly guard?: Guard;
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

/** Weft as it is built in `root`: with its defaults, with less and less that equal requests in flight share, and behind its front door. */
export function weftGateways(root: string, version: string): readonly Gateway[] {
  const guard = createGuard();
  return [...VARIANTS, { ...VARIANTS[0], id: 'weft-guarded', ...guard } as Variant].map((variant) =>
    toGateway(variant, root, version),
  );
}

function toGateway({ id, name, shares, settings, shaping, guard }: Variant, root: string, version: string): Gateway {
  return {
    id,
    name,
    shares,
    version,
    settings,
    headers: guard?.headers,
    // Over one connection there is nothing in flight to share; what stands before a request is dearest for the smallest.
    asks: ({ connections, letter }) => (guard === undefined ? connections > 1 || id === 'weft' : /^B/.test(letter)),
    start({ port, scene, work }) {
      const file = `${work}/${id}-${scene.name}.json`;
      const traffic = Object.keys(shaping).length === 0 ? {} : { traffic_shaping: shaping };
      writeFileSync(file, JSON.stringify({ port, ...scene.config, ...traffic, ...guard?.config(work) }));
      return { command: [process.execPath, `${root}/dist/main.js`, 'serve', '--config', file] };
    },
  };
}
