import { Kind } from 'graphql';
import type { Facts, Strict } from './createFacts.ts';
import { hash } from './hash.ts';

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1.5, 2 ** 31, '1', true, {}],
  Float: ['1.5', false, {}],
  Boolean: ['true', 1, {}],
  String: [{}, { a: 1 }],
  ID: [1.5, true, {}],
};

/** What a backend that keeps to no schema writes in the field's place, or in an item's; undefined where it can write anything. */
export function wrongValue(facts: Facts, right: unknown, at: string): WrongValue | undefined {
  const { type, owners } = facts;
  const number = hash(`${at} wrong`);
  const isNeverNull = owners.every(({ field }) => field.node.type.kind === Kind.NON_NULL_TYPE);
  if (isNeverNull && number % 5 === 0) return new WrongValue(right, null, null);
  const isItem = Array.isArray(right) && right.length > 0 && type.item !== null && number % 2 === 0;
  const index = isItem ? (number >>> 6) % right.length : null;
  const wrong = wrongOf(facts, isItem ? type.item : type, number);
  return wrong === undefined ? undefined : new WrongValue(right, wrong, index);
}

function wrongOf({ leaf, values }: Facts, type: Strict, number: number): unknown {
  const pick = (all: readonly unknown[] | undefined) => all?.[(number >>> 4) % all.length];
  if (type.item !== null) return pick([{}, 'text', 7]);
  if (values.length > 0) return pick(['NONE_OF_THESE', 5, {}]);
  if (leaf !== null) return pick(WRONG[leaf]);
  return pick(['text', 7, [], true]);
}

/** Thrown where a value is to be wrong: one server makes an error of it, a subgraph writes `wrong` in the place of `right`. */
export class WrongValue extends Error {
  readonly right: unknown;
  readonly wrong: unknown;
  /** Of a list: the item that is wrong. */
  readonly index: number | null;
  constructor(right: unknown, wrong: unknown, index: number | null) {
    super(`A backend answered ${JSON.stringify(wrong)}.`);
    this.right = right;
    this.wrong = wrong;
    this.index = index;
  }
}
