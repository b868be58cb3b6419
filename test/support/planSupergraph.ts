import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of a supergraph that the golden plans share, by name. */
export function planSupergraph(name: string): string {
  return readFileSync(join(import.meta.dirname, `../golden/plans/supergraphs/${name}.graphql`), 'utf8');
}
