import { prepareBench, WORK } from './openBench.ts';
import { createScene } from './scenes/createScene.ts';
import { portsFrom } from './scenes/portsFrom.ts';
import { startScenes } from './scenes/startScenes.ts';
import { WORKLOADS, type Workload } from './workloads.ts';

export interface Shop {
  /** File of the supergraph. */
  readonly supergraph: string;
  close(): Promise<void>;
}

/** The four subgraphs of the public gateways benchmark, for what measures Weft alone. */
export async function openShop(firstPort: number): Promise<Shop> {
  prepareBench();
  const ports = portsFrom(firstPort);
  const { supergraph = '' } = createScene('shop', ports, WORK);
  return { supergraph, close: await startScenes(['shop'], ports, WORK) };
}

/** The workloads of these letters, as a command names them. */
export function shopWorkloads(letters: string): readonly Workload[] {
  return letters.split(',').map((letter) => {
    const found = WORKLOADS.find((workload) => workload.letter === letter && workload.scene === 'shop');
    if (found === undefined) throw new Error(`There is no workload "${letter}" of the four subgraphs.`);
    return found;
  });
}
