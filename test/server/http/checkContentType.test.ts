import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkContentType } from '../../../src/server/http/checkContentType.ts';

const accepted = [
  'application/json',
  'Application/JSON',
  'application/json;',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json ; charset="utf-8"',
  'application/json; charset="UTF-8"',
  'application/json; Charset=Utf-8',
  'application/json; charset="ut\\f-8"',
  'application/json; charset=utf8',
  'application/json; boundary=x; charset=utf-8',
  'application/json; odata.metadata=minimal',
];

const charsets = [
  'utf-16',
  'utf-16le',
  'utf-16be',
  'utf-32',
  'utf-7',
  'unicode-1-1-utf-7',
  'ibm500',
  'cp037',
  'latin1',
];
const refused = [
  null,
  '',
  '  ',
  'text/plain',
  'application/jsonx',
  'application/json+x',
  'application/graphql',
  'text/plain; charset=utf-8; application/json',
  'application/json, text/plain',
  ...charsets.flatMap((name) => [
    `application/json; charset=${name}`,
    `application/json; charset=${name.toUpperCase()}`,
    `application/json; charset="${name}"`,
    `application/json; charset = ${name}`,
    `application/json; charset=utf-8; charset=${name}`,
    `application/json; charset=${name}; charset=utf-8`,
    `application/json; charset*=utf-8''${name}`,
  ]),
  'application/json; charset=utf-8; charset=utf-8',
  'application/json; charset=',
  'application/json; charset',
  'application/json; charset=""',
  'application/json; charset="utf-8',
  "application/json; charset='utf-8'",
  'application/json; charset=utf-8, text/plain',
  'application/json; charset=utf-8 utf-16',
  'application/json; x="; charset=utf-16"; charset=utf-8',
  'application/json; mycharset=utf-16',
  'application/json; charset=utf-8\u0000',
];

describe('the content type of a body', () => {
  it('is JSON, in UTF-8 however that is written', () => {
    for (const header of accepted) assert.doesNotThrow(() => checkContentType(header), header);
  });

  it('is refused in every other charset, and wherever two readers could take it for different ones', () => {
    for (const header of refused)
      assert.throws(() => checkContentType(header), { code: 'UNSUPPORTED_MEDIA_TYPE' }, String(header));
  });

  it('is not repeated at length', () => {
    assert.throws(
      () => checkContentType(`application/json; charset=${'x'.repeat(10_000)}`),
      (error: Error) => error.message.length < 200,
    );
  });
});
