/** What workers and the process that starts them tell each other. */
export type FromWorker =
  | { readonly kind: 'serves'; readonly url: string }
  /** A write is over: answered by `heard` when all others have confirmed. */
  | { readonly kind: 'written'; readonly id: number }
  | { readonly kind: 'confirmed'; readonly of: string };

export type ToWorker =
  | { readonly kind: 'otherWrote'; readonly of: string }
  | { readonly kind: 'heard'; readonly id: number };

/** Set for the one worker that keeps the state on disk. */
export const WRITER = 'WEFT_WRITES_STATE';
