import { Kind } from 'graphql';
import type { Facts } from './createFacts.ts';
import { hash } from './hash.ts';

const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1.5, 2 ** 31, '1', true, {}],
  Float: ['1.5', false, {}],
  Boolean: ['true', 1, {}],
  String: [{}, { a: 1 }],
  ID: [1.5, true, {}],
};

/** What a backend that keeps to no schema writes in the field's place; undefined where it can write anything. */
export function wrongValue({ type, leaf, values, owners }: Facts, at: string): unknown {
  const isNeverNull = owners.every(({ field }) => field.node.type.kind === Kind.NON_NULL_TYPE);
  const number = hash(`${at} wrong`);
  if (isNeverNull && number % 5 === 0) return null;
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
  constructor(right: unknown, wrong: unknown) {
    super(`A backend answered ${JSON.stringify(wrong)}.`);
    this.right = right;
    this.wrong = wrong;
  }
}
