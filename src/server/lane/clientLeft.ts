import type { ServerResponse } from 'node:http';

/** Aborted when the client leaves before its answer is out. */
export function clientLeft(response: ServerResponse): AbortController {
  const left = new AbortController();
  const leave = () => {
    // Every answer ends with `close`; an abort makes an error with a stack.
    if (!response.writableFinished) left.abort();
  };
  if (response.destroyed) leave();
  else response.once('close', leave);
  return left;
}
