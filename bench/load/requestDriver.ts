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
      const begun = performance.now();
      const text = await post(load.url, body, load.headers);
      const elapsed = performance.now() - begun;
      const answer = JSON.parse(text) as Answer;
      if (!isDeepStrictEqual(answer.data, expected.data) || answer.errors !== undefined)
        throw new Error(`The answer is another one: ${JSON.stringify(answer).slice(0, 200)}`);
      return elapsed;
    },
    load: (seconds) => runWrk(load, seconds),
    close: async () => {},
  };
}

/** The JSON that is answered to a POST. */
export async function postJson(url: string, body: string, more?: Load['headers']): Promise<Answer> {
  return JSON.parse(await post(url, body, more)) as Answer;
}

async function post(url: string, body: string, more?: Load['headers']): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...more };
  return (await fetch(url, { method: 'POST', headers, body })).text();
}
