import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventStreamParser, type ServerSentEvent } from '../../../src/sources/graphql/createEventStreamParser.ts';

test('Events have a name and data; comments, ids and unknown fields are passed over.', () => {
  const stream = ':\n\n: hello\nevent: next\nid: 7\nretry: 10\ndata: {"a":1}\n\ndata:plain\n\nevent: complete\n\n';
  assert.deepEqual(parseWhole(stream), [
    { event: 'next', data: '{"a":1}' },
    { event: 'message', data: 'plain' },
    { event: 'complete', data: '' },
  ]);
});

test('Several data lines are one event with line feeds.', () => {
  assert.deepEqual(parseWhole('data: {\ndata:  "a": 1\ndata\ndata: }\n\n'), [
    { event: 'message', data: '{\n "a": 1\n\n}' },
  ]);
});

test('Line feed, carriage return and both end a line.', () => {
  const expected = [
    { event: 'next', data: 'a' },
    { event: 'next', data: 'b' },
  ];
  for (const end of ['\n', '\r', '\r\n']) {
    const stream = ['event: next', 'data: a', '', 'event: next', 'data: b', '', ''].join(end);
    assert.deepEqual(parseWhole(stream), expected, JSON.stringify(end));
  }
});

test('A stream that is split at any byte gives the same events.', () => {
  const bytes = Buffer.from('event: next\r\ndata: {"name":"Zoë 🧵"}\r\n\r\n:\r\n\r\nevent: complete\ndata:\n\n');
  const expected = parseWhole(bytes.toString());
  assert.equal(expected.length, 2);
  for (let split = 0; split <= bytes.length; split++) {
    const parse = createEventStreamParser();
    assert.deepEqual(
      [...parse(bytes.subarray(0, split)), ...parse(bytes.subarray(split))],
      expected,
      `split at ${split}`,
    );
  }
  const parse = createEventStreamParser();
  assert.deepEqual(
    Array.from(bytes).flatMap((byte) => parse(Uint8Array.of(byte))),
    expected,
  );
});

test('A byte order mark at the start is no part of a field.', () => {
  assert.deepEqual(parseWhole('\uFEFFdata: a\n\n'), [{ event: 'message', data: 'a' }]);
});

test('An event that is not ended is not given.', () => {
  assert.deepEqual(parseWhole('data: a\n'), []);
});

test('A line or an event over the limit is a RangeError.', () => {
  assert.throws(() => createEventStreamParser(100)(Buffer.from('data: '.padEnd(200, 'x'))), RangeError);
  assert.throws(() => createEventStreamParser(100)(Buffer.from('data: 0123456789\n'.repeat(20))), RangeError);
});

function parseWhole(stream: string): ServerSentEvent[] {
  return createEventStreamParser()(Buffer.from(stream));
}
