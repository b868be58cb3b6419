import { createServer, type Socket } from 'node:net';
import type { Answers } from './createAnswers.ts';

export interface Subgraph extends Answers {
  readonly name: string;
  readonly sdl: string;
}

export interface ServeOptions {
  readonly port: number;
  /** Milliseconds for which each answer is held back. */
  readonly delay: number;
}

/** Texts that are kept as they came; equal ones under another operation name share an answer beyond that. */
const MOST_EXACT = 3000;

interface Served {
  requests: number;
  readonly answers: Map<string, Buffer>;
  readonly subgraph: Subgraph;
}

/**
 * Serves subgraphs on one port, each under its name. Bodies that were seen before are answered out of a table, over bare TCP: what is
 * measured is the gateway in front. `GET /stats` counts requests by subgraph, `GET /reset` begins anew.
 */
export function serveAnswers(subgraphs: readonly Subgraph[], { port, delay }: ServeOptions): void {
  const served = new Map(
    subgraphs.map((subgraph): [string, Served] => [
      `/${subgraph.name}`,
      { requests: 0, answers: new Map<string, Buffer>(), subgraph },
    ]),
  );
  const serve = (socket: Socket): void => {
    let waiting = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      waiting += text;
      for (let request = readRequest(waiting); request !== undefined; request = readRequest(waiting)) {
        waiting = waiting.slice(request.end);
        const [method = '', path = ''] = request.head.split(' ', 2);
        const asked = method === 'POST' ? served.get(path) : undefined;
        const out = asked === undefined ? control(path, [...served.values()]) : answerTo(asked, request.body);
        if (delay > 0 && asked !== undefined) setTimeout(() => socket.write(out), delay);
        else socket.write(out);
      }
    });
    socket.on('error', () => socket.destroy());
  };
  createServer({ noDelay: true }, serve).listen(port, '127.0.0.1', 4096);
}

function response(body: string, status = '200 OK'): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A gateway that forwards the client's operation name asks the same thing under another name. */
function withoutName(body: string): string {
  return body
    .replace(/"operationName":"[^"]*"/, '"operationName":null')
    .replace(/("query":"\s*(?:\\n|\s)*(?:query|mutation)\b)\s*\w+/, '$1');
}

function answerTo(served: Served, body: string): Buffer {
  const { answers, subgraph } = served;
  served.requests += 1;
  const exact = answers.get(body);
  if (exact !== undefined) return exact;
  const key = withoutName(body);
  const known = answers.get(key) ?? response(subgraph.of(Buffer.from(body, 'latin1').toString()));
  answers.set(key, known);
  if (answers.size < MOST_EXACT) answers.set(body, known);
  return known;
}

function control(path: string, served: readonly Served[]): Buffer {
  const all = <T>(of: (one: Served) => T) =>
    response(JSON.stringify(Object.fromEntries(served.map((one) => [one.subgraph.name, of(one)]))));
  if (path === '/stats') return all(({ requests }) => requests);
  if (path === '/sdl') return all(({ subgraph }) => subgraph.sdl);
  if (path !== '/reset') return response('{}', '404 Not Found');
  for (const one of served) one.requests = 0;
  return response('{}');
}

interface Request {
  readonly head: string;
  readonly body: string;
  /** Where the next one begins. */
  readonly end: number;
}

/** The first whole request of what has come; HTTP/1.1 as gateways send it, with a length or in chunks. */
function readRequest(text: string): Request | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return text.length < end ? undefined : { head, body: text.slice(start, end), end };
  }
  return /\r\ntransfer-encoding: *chunked/i.test(head) ? readChunks(text, head, start) : { head, body: '', end: start };
}

function readChunks(text: string, head: string, start: number): Request | undefined {
  let body = '';
  for (let at = start; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (lineEnd < 0 || text.length < end) return undefined;
    if (size === 0) return { head, body, end };
    body += text.slice(lineEnd + 2, end - 2);
    at = end;
  }
}
