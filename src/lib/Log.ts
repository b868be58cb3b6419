/** Where the gateway reports what an operator should know. `console` fits as it is. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** `cause` is never shown to a client. */
  error(message: string, cause?: unknown): void;
}
