import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { serveHttp } from '../../sources/graphql/serveHttp.ts';

export interface TokenServer {
  readonly url: string;
  /** What it was asked, with the form as an object. */
  readonly asked: { readonly authorization: string | undefined; readonly form: Readonly<Record<string, string>> }[];
  /** Seconds that a token is good. */
  life: number;
  /** `down`: breaks connections; a status: an error with it. */
  failing: 'down' | number | undefined;
  /** The tokens that the subgraphs take. */
  readonly valid: Set<string>;
}

/** Gives the tokens `t1`, `t2`, ... for client credentials. */
export async function startTokenServer(t: TestContext): Promise<TokenServer> {
  const asked: TokenServer['asked'] = [];
  const valid = new Set<string>();
  const { url } = await serveHttp(t, async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push({ authorization: request.headers.authorization, form });
    if (server.failing === 'down') {
      request.socket.destroy();
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (server.failing !== undefined) {
      response.statusCode = server.failing;
      response.end('{"error":"invalid_client","error_description":"planted-canary"}');
      return;
    }
    const token = `t${asked.length}`;
    valid.add(token);
    response.end(JSON.stringify({ access_token: token, token_type: 'bearer', expires_in: server.life }));
  });
  const server: TokenServer = { url, asked, life: 3_600, failing: undefined, valid };
  return server;
}
