import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProtoFiles } from '../../src/sources/readProtoFiles.ts';

test('Imports are read from the import paths and the own folder, each once; well-known ones are left out.', async () => {
  const read = reader({
    '/protos/shop/shipping.proto': [
      'syntax = "proto3";',
      '// import "commented.proto";',
      '/* import "commented.proto"; */',
      'import "google/protobuf/timestamp.proto";',
      'import public "shop/money.proto";',
      'import "near.proto";',
    ].join('\n'),
    '/protos/shop/money.proto': 'import "shop/shipping.proto"; message Money {}',
    '/protos/shop/near.proto': 'message Near {}',
  });
  const result = await readProtoFiles({ files: ['/protos/shop/shipping.proto'], import_paths: ['/protos'] }, read);
  assert.deepEqual(result.issues, []);
  assert.deepEqual(result.entry, ['shop/shipping.proto']);
  assert.deepEqual(Object.keys(result.files), ['near.proto', 'shop/money.proto', 'shop/shipping.proto']);
});

test('Without import paths a file has its base name.', async () => {
  const result = await readProtoFiles(
    { files: ['/a/b.proto'], import_paths: [] },
    reader({ '/a/b.proto': 'message B {}' }),
  );
  assert.deepEqual(result, { files: { 'b.proto': 'message B {}' }, entry: ['b.proto'], issues: [] });
});

test('All missing files are issues: the line of an import, the places where it was looked for.', async () => {
  const read = reader({ '/a/b.proto': '\n\nimport "gone.proto";\nimport "lost.proto";' });
  const { issues } = await readProtoFiles({ files: ['/a/b.proto', '/a/none.proto'], import_paths: ['/p'] }, read);
  assert.deepEqual(
    issues.map(({ file, line, message }) => `${file} ${line} ${message}`),
    [
      '/a/b.proto 3 Imported file "gone.proto" was not found in "/p", "/a".',
      '/a/b.proto 4 Imported file "lost.proto" was not found in "/p", "/a".',
      '/a/none.proto undefined The file cannot be read: ENOENT',
    ],
  );
});

function reader(files: Record<string, string>): (path: string) => Promise<string> {
  return (path) => {
    const text = files[path];
    return text === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(text);
  };
}
