import { writeFileSync } from 'node:fs';
import type { Gateway } from '../gateways/Gateway.ts';
import { weftCommand } from '../gateways/weftCommand.ts';
import { requestDriver } from '../load/requestDriver.ts';
import { LOAD_CORE } from '../measure/cores.ts';
import { type Measured, measure } from '../measure/measure.ts';
import { startServer } from '../measure/startServer.ts';
import { ROOT, WORK } from '../openBench.ts';
import { portsFrom } from '../scenes/portsFrom.ts';
import { composeGraph } from '../subgraphs/composeGraph.ts';
import { answerTogether } from '../subgraphs/createSynthetic.ts';
import { idleConnection } from './idleConnection.ts';
import type { Point, Series } from './Series.ts';

export interface Times {
  readonly warmUp: number;
  readonly seconds: number;
  /** The first of thirty ports. */
  readonly ports: number;
}

const weft: Gateway = {
  id: 'weft',
  name: 'Weft',
  shares: 'answers',
  version: '',
  settings: 'as it comes',
  asks: () => true,
  start: ({ port, scene }) => ({ command: weftCommand(scene.supergraph ?? '', port) }),
};

/** Connections whose memory can be told from that of everything else. */
const FEWEST = 1000;
/** Eight digits in their stead, other ones in each request. */
const MARK = '@@@@@@@@';

/** Measures one size: subgraphs on the core of the load, and a fresh gateway for each figure that needs another load. */
export async function measurePoint(series: Series, size: number, times: Times): Promise<Partial<Point>> {
  const { documents, query } = series.graph(size);
  const ports = portsFrom(times.ports);
  const control = `http://127.0.0.1:${ports.subgraphs}`;
  const file = `${WORK}/growth-${series.name}`;
  writeFileSync(`${file}.json`, JSON.stringify(documents));
  writeFileSync(`${file}.graphql`, composeGraph(documents, control));
  const backends = await startServer({
    command: [process.execPath, `${ROOT}/bench/growth/serve.ts`],
    env: { PORT: String(ports.subgraphs), GRAPH: `${file}.json` },
    core: LOAD_CORE,
    log: `${file}.log`,
    isReady: async () => (await fetch(`${control}/stats`)).ok,
  });
  const place = {
    port: ports.gateway,
    scene: { name: 'shop', subgraphs: [], supergraph: `${file}.graphql`, control, config: {} },
    work: WORK,
    letter: '',
    answerFile: '',
  } as const;
  const url = `http://127.0.0.1:${ports.gateway}/graphql`;
  const sdls = documents.map(({ sdl }) => sdl);
  const load = async (text: string, mode: string): Promise<Measured> => {
    const bodyFile = `${file}-body.json`;
    writeFileSync(bodyFile, JSON.stringify({ query: text }));
    const once = text.replace(MARK, '00000000');
    const setting = { url, bodyFile, mode, connections: series.connections(size) };
    const driver = requestDriver(setting, JSON.stringify({ query: once }), answerTogether(sdls, once));
    return measure(weft, place, driver, { url, ...times, log: `${file}.log` });
  };
  const wanted = new Set(series.figures.map(({ key }) => key));
  try {
    const same = await load(query, 'same');
    return {
      ...same,
      ...(wanted.has('fresh') ? { fresh: (await load(query.replace('{', `{ v${MARK}: __typename`), 'vary')).cpu } : {}),
      ...(wanted.has('bare') ? { bare: (await load('{ __typename }', 'same')).cpu } : {}),
      ...(wanted.has('connection') && size >= FEWEST
        ? { connection: await idleConnection(weft.start(place), url, size, `${file}.log`) }
        : {}),
    };
  } finally {
    await backends.stop();
  }
}
