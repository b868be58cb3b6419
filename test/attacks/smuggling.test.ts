import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestGateway } from '../server/support/startTestGateway.ts';
import { sendBytes, statusesOf } from './support/sendBytes.ts';

const MUTATION = '{"query":"mutation { bump }"}';
const head = (...lines: readonly string[]) => `${['POST /graphql HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n`;
const JSON_TYPE = 'Content-Type: application/json';
/** What the attacker hides in the body of another request. */
const HIDDEN = `${head(JSON_TYPE, `Content-Length: ${MUTATION.length}`)}\r\n${MUTATION}`;
const CHUNKED = `0\r\n\r\n${HIDDEN}`;
const withLength = (line: string) => `${head(JSON_TYPE, line, `Content-Length: ${CHUNKED.length}`)}\r\n${CHUNKED}`;

/** Of the lists of HAProxy's h2_desync_attacks and of PortSwigger's smuggler. */
const CODINGS = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: \x0cchunked',
  'Transfer-Encoding: chunked\x0b',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: x',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: "chunked"',
  "Transfer-Encoding: 'chunked'",
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding: chunKed;x=1',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
  'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding\r\n : chunked',
  ' Transfer-Encoding: chunked',
  'X: y\r\n Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Transfer_Encoding: chunked',
  'Transfer-Encoding\x00: chunked',
  'Transfer-Encoding: chunked\x00',
  'Transfer-\xc4\xb0ncoding: chunked',
  '\x00Transfer-Encoding: chunked',
  'Foo\r\nTransfer-Encoding: chunked',
  'Content-Encoding: chunked',
];

/** More than one answer would be to what the attacker has hidden. */
async function bearsNoSecond(attack: string): Promise<{ readonly status: number | undefined }> {
  await using test = await startTestGateway();
  const answers = await sendBytes(Number(new URL(test.url).port), attack);
  const statuses = statusesOf(answers);
  assert.ok(statuses.length <= 1, `${JSON.stringify(attack)} got ${JSON.stringify(answers)}`);
  assert.equal(test.probe.bumps, 0, `the hidden mutation ran: ${JSON.stringify(attack)}`);
  // It lives, and takes the next one.
  assert.match(await sendBytes(Number(new URL(test.url).port), HIDDEN), /"bump":1/);
  return { status: statuses[0] };
}

describe('CL.TE and TE.CL: a request with two lengths', { timeout: 60_000 }, () => {
  it('is refused while two requests in one write are two', async () => {
    await using test = await startTestGateway();
    const answers = await sendBytes(Number(new URL(test.url).port), HIDDEN + HIDDEN);
    assert.deepEqual(statusesOf(answers), [200, 200]);
    assert.equal(test.probe.bumps, 2);
  });

  for (const line of CODINGS)
    it(`CL.TE: ${JSON.stringify(line)} beside Content-Length carries no second request`, async () => {
      const { status } = await bearsNoSecond(withLength(line));
      assert.ok(status === undefined || status >= 400, `got ${status}`);
    });

  for (const line of CODINGS.slice(0, 7))
    it(`TE.CL: a chunk behind a short Content-Length, ${JSON.stringify(line)}, carries no second request`, async () => {
      const chunk = `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`;
      const { status } = await bearsNoSecond(`${head(JSON_TYPE, 'Content-Length: 4', line)}\r\n${chunk}`);
      assert.ok(status === undefined || status >= 400, `got ${status}`);
    });
});

describe('CL.CL and odd lengths', { timeout: 60_000 }, () => {
  const lengths = [
    'Content-Length: 0\r\nContent-Length: LENGTH',
    'Content-Length: LENGTH\r\nContent-Length: 0',
    'Content-Length: 0, LENGTH',
    'Content-Length: +LENGTH',
    'Content-Length: -1',
    'Content-Length: 0xff',
    'Content-Length: LENGTH 0',
    'Content-Length: 18446744073709551616',
    'Content-Length : LENGTH',
    'Content-Length:',
  ];
  for (const line of lengths)
    it(`CL.CL: ${JSON.stringify(line)} carries no second request`, async () => {
      const lines = line.replaceAll('LENGTH', String(HIDDEN.length));
      const { status } = await bearsNoSecond(`${head(JSON_TYPE, lines)}\r\n${HIDDEN}`);
      assert.ok(status === undefined || status >= 400, `got ${status}`);
    });

  const chunks = {
    'a size that overflows': `fffffffffffffffff1\r\n${HIDDEN}`,
    'a size below zero': `-1\r\n${HIDDEN}`,
    'a size with a prefix': `0x5\r\n${HIDDEN}`,
    'a line break alone behind the size': `5\n${HIDDEN}\r\n0\r\n\r\n`,
    'a line break alone in an extension (TERM.EXT)': `5;\n${HIDDEN.slice(0, 5)}\r\n0\r\n\r\n${HIDDEN}`,
    'a line break alone behind the data': `2\r\n{}\n0\r\n\r\n${HIDDEN}`,
    'data longer than its size': `2\r\n{}xx\r\n0\r\n\r\n${HIDDEN}`,
  };
  for (const [name, body] of Object.entries(chunks))
    it(`CVE-2026-1525, TE.TE: a chunk with ${name} carries no second request`, async () => {
      const { status } = await bearsNoSecond(`${head(JSON_TYPE, 'Transfer-Encoding: chunked')}\r\n${body}`);
      assert.ok(status === undefined || status >= 400, `got ${status}`);
    });
});

describe('a body that nobody reads', { timeout: 30_000 }, () => {
  const bodies = {
    'of a GET': `GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    'of another path': `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    'of a preflight': `OPTIONS /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    'of another type': `${head('Content-Type: text/plain', `Content-Length: ${HIDDEN.length}`)}\r\n${HIDDEN}`,
    'of a refused upgrade': `${head('Connection: Upgrade', 'Upgrade: websocket', `Content-Length: ${HIDDEN.length}`)}\r\n${HIDDEN}`,
    'of an upgrade to h2c': `${head('Connection: Upgrade', 'Upgrade: h2c', `Content-Length: ${HIDDEN.length}`)}\r\n${HIDDEN}`,
    'past the limit': `${head(JSON_TYPE, 'Content-Length: 200000')}\r\n${'x'.repeat(200_000 - HIDDEN.length)}${HIDDEN}`,
  };
  for (const [name, attack] of Object.entries(bodies))
    it(`CL.0: ${name} is never the next request`, async () => {
      await bearsNoSecond(attack);
    });
});
