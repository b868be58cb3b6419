import { request } from 'node:http';

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body without saying its length. */
  readonly chunked?: boolean;
}

/** One HTTP exchange without the habits of `fetch` (default headers, forbidden headers, redirects). */
export function send(
  url: string,
  { method = 'POST', headers = {}, body, chunked = false }: SendOptions,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method, headers: { ...headers, ...length }, agent: false });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    if (chunked && body !== undefined) call.write(body);
    call.end(chunked ? undefined : body);
  });
}
