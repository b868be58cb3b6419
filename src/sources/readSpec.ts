import { GatewayError } from '../errors/GatewayError.ts';
import { IssuesError } from '../errors/Issue.ts';
import type { Credentials } from '../upstream/credentials/Credentials.ts';
import type { HttpClient } from '../upstream/HttpClient.ts';
import { toErrorMessage } from './toErrorMessage.ts';

export interface SpecOptions {
  readonly subgraph: string;
  /** An absolute path, or an http(s) URL. */
  readonly location: string;
  /** Milliseconds, for a URL. */
  readonly timeout: number;
  readonly http: HttpClient;
  readonly credentials?: Credentials | undefined;
  readonly readFile: (path: string) => Promise<string>;
}

/** The text of a specification document. Rejects with an `IssuesError` for a file, with a `GatewayError` for a URL. */
export async function readSpec({
  subgraph,
  location,
  timeout,
  http,
  readFile,
  credentials,
}: SpecOptions): Promise<string> {
  if (!/^https?:\/\//i.test(location)) {
    try {
      return await readFile(location);
    } catch (error) {
      throw new IssuesError('', [{ message: `The file cannot be read: ${toErrorMessage(error)}`, file: location }]);
    }
  }
  const answer = await http.request({
    subgraph,
    url: location,
    method: 'GET',
    headers: { accept: 'application/json, application/yaml, text/yaml, */*' },
    timeout,
    idempotent: true,
    credentials,
  });
  if (answer.status < 200 || answer.status > 299) {
    throw new GatewayError(
      'SUBGRAPH_HTTP_ERROR',
      `The document of subgraph "${subgraph}" was answered with HTTP status ${answer.status}.`,
      { subgraph, extensions: { http: { status: answer.status } } },
    );
  }
  return answer.body;
}
