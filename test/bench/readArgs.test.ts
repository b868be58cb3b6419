import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PEER_IDS } from '../../bench/peers/peers.ts';
import { readArgs } from '../../bench/readArgs.ts';

test('without options Weft and the floors are measured on all workloads', () => {
  const args = readArgs([]);
  assert.deepEqual(
    args.workloads.map(({ letter }) => letter),
    ['A', 'A@1', 'B', 'B@1', 'C', 'C@1', 'D', 'E', 'F', 'G', 'H', 'I', 'J'],
  );
  assert.deepEqual([args.peers, args.gateways, args.own, args.compare], [[], [], undefined, undefined]);
});

test('"--peers" alone means all of them, wherever it stands', () => {
  assert.deepEqual(readArgs(['--peers']).peers, PEER_IDS);
  assert.deepEqual(readArgs(['--peers', '--write']).peers, PEER_IDS);
  assert.equal(readArgs(['--peers', '--write']).write, true);
  assert.deepEqual(readArgs(['--only', 'A', '--peers', 'grafbase,hive-rr']).peers, ['grafbase', 'hive-rr']);
});

test('gateways of one’s own are named by their commands', () => {
  const { gateways } = readArgs(['--gateway', 'router=env A=1 /opt/router --port $PORT', '--gateway', 'other=x']);
  assert.deepEqual(gateways, [
    { name: 'router', command: 'env A=1 /opt/router --port $PORT' },
    { name: 'other', command: 'x' },
  ]);
});

const WRONG: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [['--only', 'A,X'], /"--only".*A, A@1.*got "X"/],
  [['--peers', 'grafbase,nginx'], /"--peers".*grafbase.*got "nginx"/],
  [['--own', 'wetf'], /"--own".*weft-nothing.*got "wetf"/],
  [['--gateway', 'router'], /name=command; got "router"/],
  [['--seconds', '0'], /whole number after "--seconds"; got "0"/],
  [['--repeat', '2.5'], /whole number after "--repeat"; got "2.5"/],
  [['--sneak'], /--sneak/],
];
for (const [argv, message] of WRONG)
  test(`${argv.join(' ')} is refused`, () => {
    assert.throws(() => readArgs(argv), message);
  });
