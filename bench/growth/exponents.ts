/**
 * The growth exponent between neighbours: 0 where y stays, 1 where it grows as x does, 2 where with its square. The first has none, and
 * nothing that is not above zero has.
 */
export function exponents(xs: readonly number[], ys: readonly number[]): readonly (number | undefined)[] {
  return ys.map((y, at) => {
    const [x = 0, before = 0, last = 0] = [xs[at], xs[at - 1], ys[at - 1]];
    return before > 0 && last > 0 && y > 0 && x !== before ? Math.log(y / last) / Math.log(x / before) : undefined;
  });
}
