/** A backend that hangs must not hold up the start of all the others for as long as one of its calls may take. */
const MOST = 5_000;

/** Milliseconds for asking a backend for its schema. */
export function schemaTimeout(callTimeout: number): number {
  return Math.min(callTimeout, MOST);
}
