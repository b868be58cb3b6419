import type { ErrorCode } from './codes.ts';

export interface GatewayErrorOptions {
  /** The subgraph concerned, where there is one. */
  readonly subgraph?: string | undefined;
  /** Further facts that a client may read. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  /** For the log only; never sent to a client. */
  readonly cause?: unknown;
}

/** The one class whose message and extensions a client may read; everything else is masked. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    const subgraph = options.subgraph === undefined ? {} : { subgraph: options.subgraph };
    this.extensions = { code, ...subgraph, ...options.extensions };
  }
}
