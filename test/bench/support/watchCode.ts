export interface Code {
  /** Times that text was made into code. */
  readonly texts: number;
  /** Functions in these texts, their outermost included. */
  readonly functions: number;
  /** Characters of these texts. */
  readonly size: number;
  /** Of them, those that something still holds; after a garbage collection that is exact. */
  readonly held: number;
}

/** Watches what this process generates as code from here on. */
export function watchCode(): () => Code {
  const made: { readonly functions: number; readonly size: number; readonly ref: WeakRef<object> }[] = [];
  globalThis.Function = new Proxy(Function, {
    construct(target, args: readonly unknown[], newTarget) {
      const generated = Reflect.construct(target, args, newTarget) as object;
      const text = String(args.at(-1) ?? '');
      const functions = 1 + (text.match(/\bfunction\b|=>/g)?.length ?? 0);
      made.push({ functions, size: text.length, ref: new WeakRef(generated) });
      return generated;
    },
  });
  const sum = (of: (one: (typeof made)[number]) => number) => made.reduce((total, one) => total + of(one), 0);
  return () => ({
    texts: made.length,
    functions: sum(({ functions }) => functions),
    size: sum(({ size }) => size),
    held: sum(({ ref }) => (ref.deref() === undefined ? 0 : 1)),
  });
}
