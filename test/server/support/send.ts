import { request } from 'node:http';
import { request as secureRequest } from 'node:https';

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
  /** For `https:` addresses: whom to trust, and the certificate of the client itself. */
  readonly tls?: ClientTls | undefined;
}

export interface ClientTls {
  readonly ca: string;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** One HTTP exchange without the habits of `fetch` (default headers, forbidden headers, redirects). */
export function send(
  url: string,
  { method = 'POST', headers = {}, body, chunked = false, tls }: SendOptions,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, agent: false };
    const call = tls === undefined ? request(url, options) : secureRequest(url, { ...options, ...tls });
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
