import type { Log } from '../../../src/index.ts';

/** Keeps what the gateway says, and tells when it has said something. */
export interface TestLog extends Log {
  readonly lines: readonly string[];
  /** Resolves as soon as a line, an earlier one too, matches. */
  when(pattern: RegExp): Promise<string>;
}

export function createTestLog(): TestLog {
  const lines: string[] = [];
  let waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void }[] = [];
  const add = (message: string): void => {
    lines.push(message);
    for (const { pattern, resolve } of waiting) if (pattern.test(message)) resolve(message);
    waiting = waiting.filter(({ pattern }) => !pattern.test(message));
  };
  return {
    lines,
    info: add,
    warn: add,
    error: add,
    when(pattern) {
      const known = lines.find((line) => pattern.test(line));
      return known === undefined
        ? new Promise((resolve) => waiting.push({ pattern, resolve }))
        : Promise.resolve(known);
    },
  };
}
