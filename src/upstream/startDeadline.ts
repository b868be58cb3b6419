/**
 * Calls `onEnd` once when `milliseconds` have passed (with `undefined`) or the signal is aborted (with its reason).
 * Returns the function that calls it off.
 */
export function startDeadline(
  milliseconds: number,
  signal: AbortSignal | undefined,
  onEnd: (aborted: { readonly reason: unknown } | undefined) => void,
): () => void {
  const stop = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const onAbort = (): void => {
    stop();
    onEnd({ reason: signal?.reason });
  };
  const timer = setTimeout(() => {
    stop();
    onEnd(undefined);
  }, milliseconds);
  signal?.addEventListener('abort', onAbort);
  return stop;
}
