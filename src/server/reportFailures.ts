import { GatewayError } from '../errors/GatewayError.ts';
import type { Source } from '../execute/Source.ts';
import type { Log } from '../lib/Log.ts';
import { withFetch } from '../sources/withFetch.ts';

/**
 * The same source; when it stops answering, and when it answers again, that is said in the log once:
 * a dead backend under load must not fill it.
 */
export function reportFailures(source: Source, log: Log): Source {
  let isFailing = false;
  return withFetch(source, async (request) => {
    try {
      const result = await source.fetch(request);
      if (isFailing) log.info(`Subgraph "${source.name}" answers again.`);
      isFailing = false;
      return result;
    } catch (error) {
      // A client that left is no fault of the subgraph's.
      if (!isFailing && request.signal?.aborted !== true) {
        isFailing = true;
        const reason = error instanceof GatewayError ? `${error.code}: ${error.message}` : 'a fault of the gateway';
        if (error instanceof GatewayError) log.warn(`Subgraph "${source.name}" does not answer. ${reason}`);
        else log.error(`Subgraph "${source.name}" does not answer: ${reason}.`, error);
      }
      throw error;
    }
  });
}
