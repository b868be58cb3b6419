import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecidePolicies } from '../../../src/plugins/authorization/createDecidePolicies.ts';

const question = (...policies: readonly string[]) => ({
  policies,
  context: { headers: new Headers() },
  operation: { name: '', kind: 'query' },
});

function createLog() {
  const warned: string[] = [];
  return { warned, log: { info() {}, warn: (line: string) => void warned.push(line), error() {} } };
}

test('nothing is waited for where nothing has to be', () => {
  const { log } = createLog();
  const decide = createDecidePolicies({ code: { yes: () => true, no: () => false }, log });
  const met = decide(question('no', 'yes', 'unknown'));
  assert(met instanceof Set);
  assert.deepEqual([...met], ['yes']);
});

test('only what is asked for is decided, and only true is true', async () => {
  const { log } = createLog();
  const asked: string[] = [];
  const code = { one: ({ policy }: { policy: string }) => asked.push(policy) > 0, other: () => 'yes' as never };
  const decide = createDecidePolicies({ code, service: async () => new Set(['not asked for', 'far']), log });
  assert.deepEqual([...(await decide(question('one')))], ['one']);
  assert.deepEqual([...(await decide(question('other', 'far')))], ['far']);
  assert.deepEqual(asked, ['one']);
});

test('what fails is not met, while the others are; the log is told once in a while', async () => {
  const { log, warned } = createLog();
  let time = 0;
  const decide = createDecidePolicies({
    code: {
      broken: () => {
        throw new Error('no idea');
      },
      late: () => Promise.reject(new Error('too late')),
      fine: async () => true,
    },
    service: () => Promise.reject(new Error('nobody is there')),
    log,
    now: () => time,
  });
  for (let n = 0; n < 3; n += 1)
    assert.deepEqual([...(await decide(question('broken', 'fine', 'far', 'late', 'near')))], ['fine']);
  const told = (policy: string, reason: string) =>
    `The policy "${policy}" could not be decided, and is taken as not met: ${reason}`;
  const all = [told('broken', 'no idea'), told('late', 'too late'), told('far", "near', 'nobody is there')];
  assert.deepEqual(warned.toSorted(), all.toSorted());
  time = 10_000;
  await decide(question('broken'));
  assert.equal(warned.length, 4);
});
