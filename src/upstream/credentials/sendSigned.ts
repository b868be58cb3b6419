import type { HttpRequest } from '../HttpClient.ts';
import { startDeadline } from '../startDeadline.ts';
import { timedOut } from '../toUpstreamError.ts';
import type { CredentialHeaders, Credentials } from './Credentials.ts';

interface Sending<T> {
  readonly send: (request: HttpRequest) => Promise<T>;
  /** Gives up an answer that nobody will read. */
  readonly discard?: ((answer: T) => void) | undefined;
}

/** Sends a request with its credentials; where the backend does not take them (401) and there are fresh ones to be had, once more with these. */
export async function sendSigned<T extends { readonly status: number }>(
  request: HttpRequest,
  credentials: Credentials,
  { send, discard }: Sending<T>,
): Promise<T> {
  const started = performance.now();
  const attempt = async (): Promise<{ readonly headers: CredentialHeaders; readonly answer: T }> => {
    const made = credentials.headersOf(request);
    const headers = made instanceof Promise ? await within(made, request) : made;
    const timeout = Math.max(1, request.timeout - (performance.now() - started));
    return { headers, answer: await send({ ...request, timeout, headers: { ...request.headers, ...headers } }) };
  };
  const { headers, answer } = await attempt();
  if (answer.status !== 401 || !credentials.renew(headers)) return answer;
  discard?.(answer);
  return (await attempt()).answer;
}

/** The time until there are credentials is part of the call's. */
function within<T>(made: Promise<T>, { subgraph, timeout, signal }: HttpRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    // First of all: what fails when nobody waits any more must not be a rejection that nobody handles.
    made.then(resolve, reject).finally(() => stop());
    signal?.throwIfAborted();
    stop = startDeadline(timeout, signal, (aborted) =>
      reject(aborted === undefined ? timedOut(subgraph, timeout) : aborted.reason),
    );
  });
}
