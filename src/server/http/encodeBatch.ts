import type { ExecutionResult } from 'graphql';
import type { Answer } from './Answer.ts';
import { encodeResult } from './encodeResult.ts';
import type { JsonType } from './negotiate.ts';

/**
 * Results of a batch as one array. The status is 200 unless every one of them failed as a whole: then that of the worst, with the headers that
 * their errors ask for.
 */
export function encodeBatch(results: readonly ExecutionResult[], type: JsonType): Answer {
  const answers = results.map((result) => encodeResult(result, type));
  const body = `[${answers.map((answer) => answer.body.toString()).join(',')}]`;
  const hasFailed = answers.every(({ status }) => status !== 200);
  const headers = Object.assign({}, ...answers.map((answer) => answer.headers), {
    'content-type': `${type}; charset=utf-8`,
    'content-length': String(Buffer.byteLength(body)),
  });
  return { status: hasFailed ? Math.max(...answers.map(({ status }) => status)) : 200, headers, body };
}
