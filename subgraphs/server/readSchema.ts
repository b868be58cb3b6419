import { readFileSync } from 'node:fs';

/** The text of one of the documents in the folder `schemas/`. */
export function readSchema(file: string): string {
  return readFileSync(new URL(`../../schemas/${file}`, import.meta.url), 'utf8');
}
