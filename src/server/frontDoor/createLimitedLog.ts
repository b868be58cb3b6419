export interface LimitedLogOptions {
  readonly now: () => number;
  /** What lines are about, in the plural. */
  readonly what: string;
  /** Lines a minute; default 60. */
  readonly limit?: number | undefined;
}

const MINUTE = 60_000;

/** Writes at most so many lines a minute, for who causes them may cause many; the next minute's first line says how many there were more. */
export function createLimitedLog(
  write: (line: string) => void,
  { now, what, limit = 60 }: LimitedLogOptions,
): (line: string) => void {
  let begun = now();
  let written = 0;
  let left = 0;
  return (line) => {
    const time = now();
    if (time - begun >= MINUTE || time < begun) {
      if (left > 0) write(`${left} more ${what} are not told.`);
      [begun, written, left] = [time, 0, 0];
    }
    if (written < limit) write(line);
    else left += 1;
    written += 1;
  };
}
