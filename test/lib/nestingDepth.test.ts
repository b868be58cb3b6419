import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nestingDepth } from '../../src/lib/nestingDepth.ts';

describe('nestingDepth', () => {
  const cases: readonly (readonly [document: string, depth: number])[] = [
    ['', 0],
    ['{ a }', 1],
    ['{ a(x: [1]) { b } }', 3],
    ['{ a } { b }', 1],
    ['# {{{\n{ a }', 1],
    ['# {{{\r{ a }', 1],
    ['{ a(x: "{{{") }', 2],
    ['{ a(x: "\\"{{{") }', 2],
    ['{ a(x: """{{{ " {{{ \\""" {{{""") }', 2],
    ['{ a(x: "") { b } }', 2],
    ['{ a(x: "{{\n{ { { b', 5],
    ['"""{{{', 0],
    ['}}}{', 0],
  ];
  for (const [document, depth] of cases) {
    it(`finds ${depth} in ${JSON.stringify(document)}`, () => assert.equal(nestingDepth(document, 100), depth));
  }

  it('stops counting past the limit', () => assert.equal(nestingDepth('{'.repeat(1_000_000), 200), 201));
});
