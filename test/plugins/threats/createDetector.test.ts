import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDetector, type RuleName } from '../../../src/plugins/threats/createDetector.ts';
import { attacks } from './corpus/attacks.ts';
import { harmless } from './corpus/harmless.ts';

const names = Object.keys(attacks) as RuleName[];
const all = createDetector(names);
const found = (text: string, detector = all) => (detector.isPlain(text) ? [] : detector.find(text));

describe('the rules of threat protection', () => {
  for (const name of names) {
    it(`${name}: finds every attack of its corpus, by itself`, () => {
      const only = createDetector([name]);
      const payloads = attacks[name] ?? [];
      assert.deepEqual(
        payloads.filter((text) => !found(text, only).includes(name)),
        [],
      );
      assert.ok(payloads.length >= 30, `${payloads.length}`);
      // Whatever the case of its letters.
      assert.deepEqual(
        payloads.filter((text) => !/[\\%&]/.test(text) && !found(text.toUpperCase(), only).includes(name)),
        [],
      );
    });
  }

  it('find nothing in what is harmless', () => {
    assert.deepEqual(
      harmless.flatMap((text) => found(text).map((name) => `${name}: ${text}`)),
      [],
    );
    assert.ok(harmless.length >= 170);
  });

  it('find nothing in most of what is harmless when it is quoted, put into a sentence or repeated', () => {
    const dressed = harmless.flatMap((text) => [
      `He wrote: ${text}`,
      `"${text.replaceAll('"', '')}"`,
      `${text}\n\n${text}`,
    ]);
    const wrong = dressed.filter((text) => found(text).length > 0);
    assert.ok(wrong.length <= dressed.length * 0.01, `${wrong.length} of ${dressed.length}: ${JSON.stringify(wrong)}`);
  });

  it('look at none of what is plain', () => {
    for (const text of ['', 'Ann Smith', 'ann@example.com', '2024-01-01T10:00:00Z', '3fa85f64-5717-4562', 'a_b, c.d'])
      assert.equal(all.isPlain(text), true, text);
    for (const text of ['1 union select 2', 'a--', '..', '169.254.169.254', 'file:x', "'", '<', 'a\nid', 'é'])
      assert.equal(all.isPlain(text), false, text);
  });

  it('take time in proportion to the length of a text, whatever it is', { timeout: 60_000 }, () => {
    const units = [
      ...[
        "'",
        '"',
        '(',
        "' or ",
        ' or (((((',
        '; ',
        'union select ',
        'and (select ',
        '/*',
        '/* ',
        '*/',
        '--',
        'char(1)+',
      ],
      ...[
        '<',
        '<a ',
        '<a on',
        '<a onx=',
        'javascript:',
        'j a v a s c r i p t ',
        'style=',
        '{{',
        'url(',
        '<style>',
        '<!--#',
      ],
      ...[
        '../',
        '..',
        '..;/',
        '....//',
        '/',
        'a/',
        'etc/passwd',
        '..a/',
        '$(',
        '$(id ',
        '`',
        '|id ',
        ';cat ',
        '\nid',
        '$',
      ],
      ...[
        '%',
        '%25',
        '%2525',
        '%41',
        '&',
        '&#x',
        '&lt;',
        '\\u0041',
        'http://',
        'http://a@',
        '//',
        '::',
        '0x',
        '=http://',
      ],
      ...[' ', '\0', 'é', 'ﬁ', '\u200b', 'a', '1', 'or a=a', 'or aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
      ...names.flatMap((name) =>
        (attacks[name] ?? []).filter((_text, index) => index % 10 === 0).map((text) => `x ${text}`),
      ),
    ];
    const slow = units.flatMap((unit) => {
      const text = unit.repeat(Math.ceil(50_000 / unit.length));
      const start = performance.now();
      all.find(text);
      const took = performance.now() - start;
      // The slowest takes 50; with the square of its length it would take minutes.
      return took > 1_500 ? [`${JSON.stringify(unit)}: ${took}`] : [];
    });
    assert.deepEqual(slow, []);
  });

  it('are joined by own patterns, which see everything, encoded or not', () => {
    const own = [{ name: 'coupon', isFound: (text: string) => /free-\d{4}/i.test(text) }];
    const detector = createDetector([], own);
    assert.equal(detector.isPlain('free 1'), false);
    assert.deepEqual(detector.find('FREE-1234'), ['coupon']);
    assert.deepEqual(detector.find('free%2D1234'), ['coupon']);
    assert.deepEqual(detector.find("' or 1=1--"), []);
  });
});
