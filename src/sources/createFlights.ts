import type { Siblings } from './Siblings.ts';

/** Equal reads that are under way share one request. */
export interface Flights {
  /**
   * Joins the flight of this key, or starts one. The key holds all that the backend can see. `send` gets a signal that is aborted once
   * everybody who waits for the flight has left; whoever leaves gets the reason of their own signal.
   */
  join<T>(key: string, send: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Something was written: what is read from now on joins no flight that began before, in other processes from when this resolves. */
  closeDoors(): Promise<void> | undefined;
}

interface Flight {
  /** Given up once it has landed: what a map has thrown away can outlive many requests, and would keep their replies. */
  landed: Promise<unknown> | undefined;
  readonly empty: AbortController;
  passengers: number;
}

export function createFlights(siblings?: Pick<Siblings, 'tellWritten' | 'onWritten'>): Flights {
  const open = new Map<string, Flight>();
  siblings?.onWritten(() => open.clear());

  const start = (key: string, send: (signal: AbortSignal) => Promise<unknown>): Flight => {
    const empty = new AbortController();
    const flight: Flight = { landed: send(empty.signal), empty, passengers: 0 };
    const land = () => {
      leave(key, flight);
      flight.landed = undefined;
    };
    flight.landed?.then(land, land);
    open.set(key, flight);
    return flight;
  };
  const leave = (key: string, flight: Flight): void => {
    if (open.get(key) === flight) open.delete(key);
  };

  return {
    join<T>(key: string, send: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal) {
      const flight = open.get(key) ?? start(key, send);
      const landed = flight.landed as Promise<T>;
      flight.passengers += 1;
      if (signal === undefined) return landed;
      return new Promise<T>((resolve, reject) => {
        const getOff = () => {
          reject(signal.reason);
          flight.passengers -= 1;
          if (flight.passengers > 0) return;
          leave(key, flight);
          flight.empty.abort(signal.reason);
        };
        if (signal.aborted) return getOff();
        signal.addEventListener('abort', getOff, { once: true });
        const arrive =
          <V>(settle: (value: V) => void) =>
          (value: V) => {
            signal.removeEventListener('abort', getOff);
            settle(value);
          };
        landed.then(arrive(resolve), arrive(reject));
      });
    },
    closeDoors() {
      open.clear();
      return siblings?.tellWritten();
    },
  };
}
