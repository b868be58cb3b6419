/** The other processes that serve the same graph at the same address. */
export interface Siblings {
  /** Whether this process keeps the state on disk; one of them does. */
  readonly writesState: boolean;
  /** Tells the others that something was written; resolves once they have heard it, or cannot hear. */
  tellWritten(): Promise<void>;
  /** Something was written through another process. */
  onWritten(listener: () => void): void;
}
