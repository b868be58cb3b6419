import { isDeepStrictEqual } from 'node:util';
import type { Driver } from './Driver.ts';
import { type Load, runWrk } from './runWrk.ts';

interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
}

/** Requests by HTTP: `wrk` is the load. Answers are compared by value, because gateways order keys differently. */
export function requestDriver(load: Load, body: string, expected: Answer): Driver {
  return {
    async ask() {
      const answer = await postJson(load.url, body);
      if (!isDeepStrictEqual(answer.data, expected.data) || answer.errors !== undefined)
        throw new Error(`The answer is another one: ${JSON.stringify(answer).slice(0, 200)}`);
    },
    load: (seconds) => runWrk(load, seconds),
    close: async () => {},
  };
}

/** The JSON that is answered to a POST. */
export async function postJson(url: string, body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return (await response.json()) as Answer;
}
