import { readSchema } from '../server/readSchema.ts';

export interface Example {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** One of `schemas/examples/`, by its file name; its variables stand in a last line `# variables: { ... }`. */
export function readExample(file: string): Example {
  const text = readSchema(`examples/${file}`);
  const [query = '', variables = '{}'] = text.split('\n# variables: ');
  return { query: query.trim(), variables: JSON.parse(variables) as Example['variables'] };
}
