/**
 * `npm start`: the five services of the shop and the gateway in front of them, in one process, until SIGINT or SIGTERM.
 * Exit code 0 after such a signal; 1 where something cannot start (a taken port, say), with the reason in one message.
 */
import { fileURLToPath } from 'node:url';
import { createGateway } from '../src/index.ts';
import { backendEnvironment } from './backendEnvironment.ts';
import { closeBackends } from './closeBackends.ts';
import { describeShop } from './demo/describeShop.ts';
import { readExamples } from './demo/readExamples.ts';
import { readPorts } from './demo/readPorts.ts';
import { runFirstQuery } from './demo/runFirstQuery.ts';
import { startBackends } from './startBackends.ts';

const configFile = fileURLToPath(new URL('../weft.config.yaml', import.meta.url));

interface Shop {
  readonly description: string;
  close(): Promise<void>;
}

async function openShop(): Promise<Shop> {
  const backends = await startBackends(readPorts(process.env));
  // The configuration file reads where the services are from the environment, here as in any deployment.
  Object.assign(process.env, backendEnvironment(backends));
  const gateway = await createGateway({ configFile, examples: readExamples() });
  const { url } = await gateway.listen();
  const first = await runFirstQuery(url, readExamples()[0]?.query ?? '{ __typename }');
  return {
    description: describeShop(backends, url, first),
    async close() {
      await gateway.close();
      await closeBackends(backends);
    },
  };
}

let shop: Shop | undefined;

/** Everything lives in this process, so that its exit leaves nothing behind, whatever had been started by then. */
async function stop(): Promise<never> {
  await shop?.close();
  process.exit(0);
}

let isStopping = false;
// `on`, not `once`: Ctrl-C in a terminal reaches this process twice, by itself and by npm, and the second must not end the stop half-way.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void stop();
  });
}

try {
  shop = await openShop();
  console.log(shop.description);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
