import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutFolders } from '../../bench/results/withoutFolders.ts';

test('absolute paths lose their folders, and nothing else is changed', () => {
  assert.equal(
    withoutFolders('router=/opt/my.tools/router --file=/a/b/c.yaml ./here/x a/b http://localhost:1/graphql'),
    'router=…/router --file=…/c.yaml ./here/x a/b http://localhost:1/graphql',
  );
});
