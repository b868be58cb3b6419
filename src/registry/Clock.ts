/** Time, passed in so that tests decide when it passes. */
export interface Clock {
  now(): Date;
  /** Calls `run` once after `milliseconds`; returns how to cancel. Must not keep the process alive. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
