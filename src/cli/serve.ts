import type { ConfigOverrides } from '../config/loadConfig.ts';
import type { CommandValues } from './commands.ts';
import { exitCodes } from './exitCodes.ts';
import { gatewayOptions } from './gatewayOptions.ts';

/** Serves until SIGINT or SIGTERM, then stops gracefully; SIGHUP reads configuration and schemas again. Rejects where it cannot start. */
export async function serve(values: CommandValues, further: ConfigOverrides = {}): Promise<number> {
  const options = await gatewayOptions(values, further);
  // Signals count from here on: one that comes while the gateway starts stops it as soon as it has.
  const stopped = stopSignal();
  const { createGateway } = await import('../server/createGateway.ts');
  const gateway = await createGateway(options);
  const reload = (): void => void gateway.reload('SIGHUP');
  try {
    const { url } = await gateway.listen();
    process.on('SIGHUP', reload);
    console.log(`Weft serves ${url}`);
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
