import type { ServerResponse } from 'node:http';
import type { Answer } from '../http/Answer.ts';

/** Sends a complete answer, unless the client has left. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}
