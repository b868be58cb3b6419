import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { putSection } from './putSection.ts';

const RESULTS = fileURLToPath(new URL('../results.md', import.meta.url));

/** Puts what was measured into `bench/results.md`: a section is written as a whole, the others stay as they are. */
export function writeSection(name: string, body: string, file = RESULTS): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '# Results\n';
  writeFileSync(file, putSection(text, name, body));
}
