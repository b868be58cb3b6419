import { withoutFolders } from '../results/withoutFolders.ts';
import type { Gateway } from './Gateway.ts';

/** A gateway that is installed elsewhere, by the command that starts it: it answers POST /graphql on `$PORT` out of the supergraph file `$SUPERGRAPH`. */
export function commandGateway(name: string, command: string): Gateway {
  return {
    id: name,
    name,
    shares: 'not known',
    version: 'given by path',
    settings: `\`${withoutFolders(command)}\``,
    asks: ({ scene }) => scene === 'shop' || scene === 'entities',
    start: ({ port, scene, work }) => ({
      command: ['sh', '-c', `exec ${command}`],
      env: { PORT: String(port), SUPERGRAPH: scene.supergraph ?? '' },
      cwd: work,
    }),
  };
}
