import { readdirSync } from 'node:fs';
import { readSchema } from '../server/readSchema.ts';

export interface Example {
  /** The operation's name. */
  readonly title: string;
  /** Runs as it is: variables have defaults. */
  readonly query: string;
}

/** All of `schemas/examples/`, in the order of the file names. */
export function readExamples(): readonly Example[] {
  return readdirSync(new URL('../../schemas/examples/', import.meta.url))
    .sort()
    .map((file) => {
      const query = readSchema(`examples/${file}`).trim();
      return { title: /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? file, query };
    });
}
