import type { HeaderReader } from '../../execute/Source.ts';

/** What the HTTP rules read of a request, whichever lane it takes. */
export interface RequestHead {
  readonly method: string;
  readonly headers: HeaderReader;
}
