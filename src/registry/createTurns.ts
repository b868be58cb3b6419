/** Calls of one task that never overlap; those that come while one runs share the one that follows it. */
export interface Turns<T> {
  /** `full` is passed on if any call that shares the turn asked for it. */
  take(turn: Turn): Promise<T>;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export interface Turn {
  readonly reason: string;
  readonly full: boolean;
}

export function createTurns<T>(task: (turn: Turn) => Promise<T>): Turns<T> {
  let running: Promise<T> | undefined;
  let next: { turn: Turn; readonly result: Promise<T> } | undefined;

  const start = (turn: Turn): Promise<T> => {
    const result = task(turn).finally(() => {
      if (running === result) running = undefined;
    });
    running = result;
    return result;
  };
  const startNext = (): Promise<T> => {
    const turn = next?.turn ?? { reason: '', full: true };
    next = undefined;
    return start(turn);
  };

  return {
    take(turn) {
      if (next !== undefined) {
        next.turn = { reason: turn.full ? turn.reason : next.turn.reason, full: turn.full || next.turn.full };
        return next.result;
      }
      if (running === undefined) return start(turn);
      next = { turn, result: running.then(startNext, startNext) };
      return next.result;
    },
    async idle() {
      while (running !== undefined || next !== undefined) await (next?.result ?? running)?.catch(() => undefined);
    },
  };
}
