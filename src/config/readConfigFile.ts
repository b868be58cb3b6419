import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatPath } from '../lib/formatPath.ts';
import type { ReadDocument } from './readDocument.ts';
import type { PathIssue } from './toIssues.ts';

/** A configuration file of any kind; one that cannot be read has an issue and no value. `file` as messages show it, relative to `directory`. */
export async function readConfigFile(file: string, directory: string): Promise<ReadDocument> {
  const path = resolve(directory, file);
  try {
    if (!['.ts', '.js', '.mjs', '.mts'].includes(extname(path))) {
      // A gateway that is given a finished supergraph needs no reader of YAML.
      const { readDocument } = await import('./readDocument.ts');
      return readDocument(await readFile(path, 'utf8'), file);
    }
    return { value: await importDefault(path), issues: [], place: withoutPosition(file) };
  } catch (error) {
    return { value: undefined, issues: [{ file, message: toMessage(error) }], place: withoutPosition(file) };
  }
}

/** Issues of a document that has no lines: of a module, or of options. */
export function withoutPosition(file?: string): ReadDocument['place'] {
  return ({ path, message }: PathIssue) => ({
    ...(file === undefined ? {} : { file }),
    ...(path.length === 0 ? {} : { path: formatPath(path) }),
    message,
  });
}

/** Imported anew each time, for a changed file is taken over without restart; Node keeps modules by their URL. */
async function importDefault(path: string): Promise<unknown> {
  const url = pathToFileURL(path);
  url.searchParams.set('t', String(performance.now()));
  const module: { readonly default?: unknown } = await import(url.href);
  if (module.default === undefined)
    throw new Error('Expected a default export, "export default defineConfig({ ... })"; there is none.');
  return module.default;
}

function toMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof SyntaxError && /outside a module|Unexpected token 'export'/.test(error.message))
    return `Expected an ES module; the package.json beside it says otherwise. Name it ".mts", or set "type": "module" there.`;
  if (code === 'EISDIR') return 'Expected a configuration file; this is a folder.';
  if (code === 'ENOENT') return 'Expected a configuration file; there is no such file.';
  return error instanceof Error ? error.message : String(error);
}
