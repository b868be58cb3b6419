import { weftCommand } from '../gateways/weftCommand.ts';
import { postJson } from '../load/requestDriver.ts';
import { GATEWAY_CORE } from './cores.ts';
import { type Server, startServer } from './startServer.ts';

export interface WeftOptions {
  /** File of the supergraph. */
  readonly supergraph: string;
  readonly port: number;
  readonly log: string;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

/** Weft as built, with its defaults, alone on the gateway's core. */
export function startWeft({ supergraph, port, log, node = [] }: WeftOptions): Promise<Server> {
  return startServer({
    command: weftCommand(supergraph, port, node),
    core: GATEWAY_CORE,
    log,
    isReady: async () =>
      (await postJson(`http://127.0.0.1:${port}/graphql`, '{"query":"{ __typename }"}')).data !== undefined,
  });
}
