import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { Issue } from '../errors/Issue.ts';
import { toErrorMessage } from './toErrorMessage.ts';

export interface ProtoFiles {
  /** Text by import name, as `import "…"` writes it. */
  readonly files: Readonly<Record<string, string>>;
  /** The import names of the files that were asked for. */
  readonly entry: readonly string[];
  readonly issues: readonly Issue[];
}

/** Messages that every reader of proto files brings along. */
const wellKnown = /^google\/protobuf\//;

/**
 * Reads .proto files and everything that they import: from the import paths in their order, then from the folder of the file that
 * was asked for. Missing files are issues, with the line that imports them.
 */
export async function readProtoFiles(
  location: { readonly files: readonly string[]; readonly import_paths: readonly string[] },
  readFile: (path: string) => Promise<string>,
): Promise<ProtoFiles> {
  const files = new Map<string, string>();
  const issues: Issue[] = [];
  const entry: string[] = [];
  const folders = [...new Set([...location.import_paths, ...location.files.map((file) => dirname(file))])];

  const readImports = async (path: string, text: string): Promise<void> => {
    for (const { name, line } of findImports(text)) {
      if (files.has(name) || wellKnown.test(name)) {
        continue;
      }
      const found = await readFirst(
        folders.map((folder) => join(folder, name)),
        readFile,
      );
      if (found === undefined) {
        issues.push({
          message: `Imported file "${name}" was not found in ${folders.map((folder) => `"${folder}"`).join(', ')}.`,
          file: path,
          line,
        });
        continue;
      }
      files.set(name, found.text);
      await readImports(found.path, found.text);
    }
  };

  for (const path of location.files) {
    const name = toImportName(path, location.import_paths);
    entry.push(name);
    try {
      const text = files.get(name) ?? (await readFile(path));
      files.set(name, text);
      await readImports(path, text);
    } catch (error) {
      issues.push({ message: `The file cannot be read: ${toErrorMessage(error)}`, file: path });
    }
  }
  return { files: Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1))), entry, issues };
}

function toImportName(path: string, importPaths: readonly string[]): string {
  for (const folder of importPaths) {
    const name = relative(folder, path);
    if (name !== '' && !name.startsWith('..') && !isAbsolute(name)) {
      return name.replaceAll('\\', '/');
    }
  }
  return basename(path);
}

function findImports(text: string): { readonly name: string; readonly line: number }[] {
  // Comments become blanks of the same lines, so that a commented import does not count and lines stay right.
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(/(?:^|[;}\s])import\s+(?:public\s+|weak\s+)?["']([^"']+)["']\s*;/g)].map((match) => ({
    name: match[1] ?? '',
    line: code.slice(0, match.index + match[0].indexOf('import')).split('\n').length,
  }));
}

async function readFirst(
  paths: readonly string[],
  readFile: (path: string) => Promise<string>,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of paths) {
    const text = await readFile(path).catch(() => undefined);
    if (text !== undefined) {
      return { path, text };
    }
  }
  return undefined;
}
