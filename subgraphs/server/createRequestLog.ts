export interface RequestLog {
  add(text: string): void;
  readonly requests: () => number;
  readonly log: () => readonly string[];
  readonly reset: () => void;
}

/** The latest texts that are kept; the count goes on. */
const kept = 1000;

export function createRequestLog(): RequestLog {
  let count = 0;
  let texts: string[] = [];
  return {
    add(text) {
      count += 1;
      texts.push(text);
      if (texts.length > kept) texts = texts.slice(-kept / 2);
    },
    requests: () => count,
    log: () => [...texts],
    reset() {
      count = 0;
      texts = [];
    },
  };
}
