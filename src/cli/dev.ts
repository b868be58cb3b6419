import type { CommandValues } from './commands.ts';
import { serve } from './serve.ts';

/** `serve` for those who write the services: GraphiQL is on, a changed file is taken over at once. */
export function dev(values: CommandValues): Promise<number> {
  return serve(values, { watch: true, graphiql: true });
}
