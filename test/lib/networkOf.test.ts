import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../src/lib/networkOf.ts';

test('an IPv6 address is told by its first 64 bits, however it is written', () => {
  for (const address of ['2001:db8::1', '2001:DB8:0:0:ffff::', '2001:0db8:0000:0000:1:2:3:4', '2001:db8::192.0.2.1'])
    assert.equal(networkOf(address), '2001:db8:0:0::/64');
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
  assert.equal(networkOf('2001:db8:1:2::'), '2001:db8:1:2::/64');
  assert.equal(networkOf('2001:db8:1:2::9'), networkOf('2001:db8:1:2:9::'));
  assert.notEqual(networkOf('2001:db8:1:3::9'), networkOf('2001:db8:1:2::9'));
});

test('an IPv4 address and what is no address stay as they are', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
  assert.equal(networkOf(''), '');
});
