import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floors } from '../../bench/gateways/floors.ts';
import { weftGateways } from '../../bench/gateways/weftGateways.ts';
import { printTables } from '../../bench/results/printTables.ts';
import type { Row } from '../../bench/results/Row.ts';
import { WORKLOADS } from '../../bench/workloads.ts';
import { measured } from './measured.ts';

const gateways = [...weftGateways('/weft', '1234567'), ...floors];
const row = (gateway: string, letter: string, figures: Partial<Row>): Row => ({
  gateway,
  letter,
  round: 1,
  ...measured(figures),
});
const lineOf = (text: string, name: string) => text.split('\n').find((line) => line.startsWith(`| ${name}`)) ?? '';
const cellsOf = (line: string) => line.split(' | ').slice(1, 4);

test('a table has medians, and says what equal requests share', () => {
  const rows = [10, 30, 20].map((cpu) => row('weft', 'A', { cpu }));
  const text = printTables({ workloads: WORKLOADS, gateways, rows: [...rows, row('constant', 'A', {})], misses: [] });
  assert.match(text, /^\*\*A\*\*: heavy query, 50 connections\n/);
  assert.deepEqual(cellsOf(lineOf(text, 'Weft')), ['answers', '20', '1000']);
  assert.deepEqual(cellsOf(lineOf(text, 'constant')), ['nothing', '100', '1000']);
  assert.doesNotMatch(text, /\*\*B\*\*|Not measured|Other work/);
});

test('a disturbed repetition counts only where there is no other, and is marked then', () => {
  const noisy = { cpu: 900, other: 40 };
  const rows = [
    row('weft', 'B', noisy),
    row('weft', 'B', { cpu: 50 }),
    row('proxy', 'B', noisy),
    row('proxy', 'B', noisy),
  ];
  const text = printTables({ workloads: WORKLOADS, gateways, rows, misses: [] });
  assert.deepEqual(cellsOf(lineOf(text, 'Weft')).slice(0, 2), ['answers', '50']);
  assert.match(lineOf(text, 'one-hop proxy'), /\\\* \| nothing \| 900 /);
  assert.match(text, /Other work took more than 5 %/);
});

test('who could not be measured is said in a line', () => {
  const misses = [
    { gateway: 'weft', letter: 'B', reason: 'It ended with 3: no port.' },
    { gateway: 'Router', reason: 'cannot be installed: offline' },
  ];
  const text = printTables({ workloads: WORKLOADS, gateways, rows: [], misses });
  assert.equal(
    text,
    '**Not measured**\n\n- Weft, B: It ended with 3: no port.\n- Router: cannot be installed: offline',
  );
});
