/** `subgraphs[1].schema.file`; a key that is no plain word is put in quotes: `merge["A.b"]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((key, index) => formatKey(key, index === 0)).join('');
}

function formatKey(key: string | number, first: boolean): string {
  if (typeof key === 'number') return `[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
}
