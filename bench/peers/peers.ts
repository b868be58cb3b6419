import { fileURLToPath } from 'node:url';
import type { Gateway, Place, Shares, Start } from '../gateways/Gateway.ts';
import { startGrafbase } from './startGrafbase.ts';
import { type PeerPackage, versionsOf } from './versions.ts';

/** A gateway that is installed from npm. */
export interface Peer extends Gateway {
  readonly package: PeerPackage;
}

interface Draft {
  readonly id: string;
  readonly name: string;
  readonly package: PeerPackage;
  readonly shares: Shares;
  readonly settings: string;
  readonly start: (place: Place, home: string) => Start;
  /** Whether it is what one gets without further settings. */
  readonly isPlain: boolean;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const environment = ({ port, scene }: Place, shares: Shares, home: string) => ({
  PORT: String(port),
  SUPERGRAPH: scene.supergraph ?? '',
  SHARES: shares,
  PEER_HOME: home,
});

const HIVE_SETTINGS: Readonly<Record<string, string>> = {
  answers: 'with `inboundInflightRequestDeduplication`',
  requests: 'as it comes',
  nothing: 'with `deduplicateInflightRequests: false` for its subgraphs',
};

function hive(of: Pick<Draft, 'id' | 'name' | 'package'>, flag: string): readonly Draft[] {
  return (['requests', 'answers', 'nothing'] as const).map((shares) => ({
    package: of.package,
    id: shares === 'requests' ? of.id : `${of.id}-${shares}`,
    name: shares === 'requests' ? of.name : `${of.name}, ${shares === 'answers' ? 'answers' : 'nothing'} shared`,
    shares,
    isPlain: shares === 'requests',
    settings: `\`--fork 1 ${flag}\`, ${HIVE_SETTINGS[shares]}`,
    start: (place, home) => ({
      command: [
        process.execPath,
        `${home}/node_modules/@graphql-hive/gateway/dist/bin.js`,
        'supergraph',
        place.scene.supergraph ?? '',
        ...['-c', file('hive.config.ts'), '-h', '127.0.0.1', '-p', String(place.port), '--fork', '1', flag],
      ],
      env: environment(place, shares, home),
      cwd: home,
    }),
  }));
}

const script = (name: string, shares: Shares) => (place: Place, home: string) => ({
  command: [process.execPath, file(name)],
  env: environment(place, shares, home),
  cwd: home,
});

const DRAFTS: readonly Draft[] = [
  ...hive({ id: 'hive-rr', name: 'Hive Gateway, Rust planner', package: 'hive-rr' }, '--hive-router-runtime'),
  ...hive({ id: 'hive-jit', name: 'Hive Gateway, JIT', package: 'hive' }, '--jit'),
  {
    id: 'apollo',
    name: 'Apollo Gateway',
    package: 'apollo',
    shares: 'nothing',
    isPlain: true,
    settings: 'as it comes, under `startStandaloneServer`',
    start: script('startApollo.ts', 'nothing'),
  },
  {
    id: 'naive',
    name: 'Yoga + `@graphql-tools/federation`',
    package: 'naive',
    shares: 'requests',
    isPlain: true,
    settings: 'as it comes',
    start: script('startNaive.ts', 'requests'),
  },
  {
    id: 'naive-nothing',
    name: 'Yoga + `@graphql-tools/federation`, nothing shared',
    package: 'naive',
    shares: 'nothing',
    isPlain: false,
    settings: 'with `deduplicateInflightRequests: false`',
    start: script('startNaive.ts', 'nothing'),
  },
  {
    id: 'grafbase',
    name: 'Grafbase (Rust)',
    package: 'grafbase',
    shares: 'requests',
    isPlain: true,
    settings: '`grafbase dev` as it comes',
    start: (place, home) => startGrafbase(place, home, true),
  },
  {
    id: 'grafbase-nothing',
    name: 'Grafbase (Rust), nothing shared',
    package: 'grafbase',
    shares: 'nothing',
    isPlain: false,
    settings: '`grafbase dev` with `traffic_shaping.inflight_deduplication = false`',
    start: (place, home) => startGrafbase(place, home, false),
  },
];

export const PEER_IDS: readonly string[] = DRAFTS.map(({ id }) => id);

/** Peers of these ids as they are installed below `folder`. */
export function peers(ids: readonly string[], folder: string): readonly Peer[] {
  return DRAFTS.filter(({ id }) => ids.includes(id)).map((draft) => ({
    ...draft,
    version: versionsOf(draft.package),
    asks: ({ scene, connections }) => (scene === 'shop' || scene === 'entities') && (connections > 1 || draft.isPlain),
    start: (place) => draft.start(place, `${folder}/${draft.package}`),
  }));
}
