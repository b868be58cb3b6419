import type { RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

/** An HTTP service on a free port until the test ends; resolves with its origin. */
export async function listenHere(t: TestContext, listener: RequestListener): Promise<string> {
  const { url } = await serveHttp(t, listener);
  return new URL(url).origin;
}
