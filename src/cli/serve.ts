import cluster from 'node:cluster';
import type { ConfigOverrides } from '../config/loadConfig.ts';
import type { CommandValues } from './commands.ts';
import { exitCodes } from './exitCodes.ts';
import { gatewayOptions } from './gatewayOptions.ts';
import { readWorkers } from './readWorkers.ts';
import { createSiblings, tell } from './workers/createSiblings.ts';
import { serveWorkers } from './workers/serveWorkers.ts';

/**
 * Serves until SIGINT or SIGTERM, then stops gracefully; SIGHUP reads configuration and schemas again. Rejects where it cannot start.
 * With `workers`, this process starts others with the same command line and serves nothing itself.
 */
export async function serve(values: CommandValues, further: ConfigOverrides = {}): Promise<number> {
  const workers = readWorkers(values);
  if (workers > 1 && cluster.isPrimary) return serveWorkers(workers);
  try {
    return await serveAlone(values, further);
  } finally {
    // The channel to whoever started this worker would keep it alive.
    process.channel?.unref();
  }
}

async function serveAlone(values: CommandValues, further: ConfigOverrides): Promise<number> {
  const options = await gatewayOptions(values, further);
  // Signals count from here on: one that comes while the gateway starts stops it as soon as it has.
  const stopped = stopSignal();
  const { createGateway } = await import('../server/createGateway.ts');
  const siblings = cluster.isWorker ? createSiblings() : undefined;
  const gateway = await createGateway({ ...options, siblings });
  const reload = (): void => void gateway.reload('SIGHUP');
  try {
    const { url } = await gateway.listen();
    process.on('SIGHUP', reload);
    if (siblings === undefined) console.log(`Weft serves ${url}`);
    else tell({ kind: 'serves', url });
    await stopped;
  } finally {
    process.off('SIGHUP', reload);
    await gateway.close();
  }
  return exitCodes.ok.code;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // `on`, not `once`: a terminal and bin/weft.js may both send the signal, and the second must not end the stop half-way.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
