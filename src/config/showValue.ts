/** User and password in an address. */
const CREDENTIALS = /(\/\/)[^\s/@]*@/g;

/** A value as a message shows it: short, on one line, without passwords of addresses. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'function') return 'a function';
  const shown = typeof value === 'string' ? JSON.stringify(value.replaceAll(CREDENTIALS, '$1***@')) : String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
