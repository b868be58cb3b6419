/** File and line (1-based) of the first match; protobufjs keeps no positions. */
export function findInFiles(
  files: ReadonlyMap<string, string>,
  pattern: RegExp,
): { readonly file: string; readonly line: number } | undefined {
  for (const [file, text] of files) {
    const index = text.search(pattern);
    if (index >= 0) return { file, line: text.slice(0, index).split('\n').length };
  }
  return undefined;
}
