/** An operation that comes once is not worth code of its own. */
export const HITS_BEFORE_GENERATING = 2;
