import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serverAudits } from 'graphql-http';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

for (const fastLane of [true, false]) {
  describe(`the audit of graphql-http ${fastLane ? 'with the fast lane' : 'through Yoga alone'}`, () => {
    let test: TestGateway;
    before(async () => {
      test = await startTestGateway({ fastLane });
    });
    after(() => test.gateway.close());

    for (const audit of serverAudits({ url: () => test.url })) {
      it(audit.name, async () => {
        const result = await audit.fn();
        assert.equal(result.status, 'ok', 'reason' in result ? result.reason : '');
      });
    }
  });
}
