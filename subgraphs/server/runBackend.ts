import { parseArgs } from 'node:util';
import type { StartBackend } from '../Backend.ts';

/** Starts one service from the command line, `node main.ts [--port N]`, until SIGINT or SIGTERM. Sets exit code 1 where it cannot start. */
export async function runBackend(start: StartBackend): Promise<void> {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string' } } });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
      throw new Error(`"--port" takes a whole number from 0 to 65535, not "${values.port}".`);
    }
    const backend = await start(port === undefined ? {} : { port });
    const stop = (): void => void backend.close();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    console.log(`${backend.name} listens at ${backend.url}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
