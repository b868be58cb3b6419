import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientAddress } from '../../src/server/http/clientAddress.ts';

const told = (list: string) => new Headers({ 'x-forwarded-for': list });

describe('the address of a client', () => {
  it('is that of the connection where no proxy is trusted, whatever a header says', () => {
    assert.equal(clientAddress(told('1.2.3.4'), '10.0.0.1', 0), '10.0.0.1');
    assert.equal(clientAddress(new Headers(), '::ffff:10.0.0.1', 0), '10.0.0.1');
  });

  it('is what the trusted proxies have written, counted from the right', () => {
    assert.equal(clientAddress(told('6.6.6.6, 1.2.3.4'), '10.0.0.1', 1), '1.2.3.4');
    assert.equal(clientAddress(told('6.6.6.6, 1.2.3.4, 10.0.0.2'), '10.0.0.1', 2), '1.2.3.4');
    assert.equal(clientAddress(told('[2001:db8::1]:443'), '10.0.0.1', 1), '2001:db8::1');
    assert.equal(clientAddress(told('1.2.3.4:5555'), '10.0.0.1', 1), '1.2.3.4');
  });

  it('stops at a proxy that tells none, or nonsense', () => {
    assert.equal(clientAddress(new Headers(), '10.0.0.1', 1), '10.0.0.1');
    assert.equal(clientAddress(told('unknown, 10.0.0.2'), '10.0.0.1', 2), '10.0.0.2');
    assert.equal(clientAddress(told('1.2.3.4'), undefined, 1), undefined);
  });
});
