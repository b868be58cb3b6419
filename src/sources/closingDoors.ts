import type { Source } from '../execute/Source.ts';
import type { Flights } from './createFlights.ts';
import { withFetch } from './withFetch.ts';

/** Once a write is over, or may be, nobody joins a read that began before it. */
export function closingDoors(source: Source, flights: Flights): Source {
  return withFetch(source, async (request) => {
    if (request.operation.kind !== 'mutation') return source.fetch(request);
    try {
      return await source.fetch(request);
    } finally {
      await flights.closeDoors();
    }
  });
}
