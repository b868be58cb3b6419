import type { FieldSelectionMap, PathNode } from './FieldSelectionMap.ts';

/** Choices that one lookup may stand for. */
export const MOST_VARIANTS = 64;

/**
 * Each way to read a map for values of one object type, without choices and type conditions: `{ id } | { sku }` is two.
 * `isA` says whether a value of the type can be seen as another one.
 */
export function expandMap(map: FieldSelectionMap, isA: (type: string) => boolean): readonly FieldSelectionMap[] {
  switch (map.kind) {
    case 'choice':
      return map.of.flatMap((one) => expandMap(one, isA)).slice(0, MOST_VARIANTS + 1);
    case 'list':
      return expandMap(map.of, isA).map((of) => ({ kind: 'list', of }));
    case 'object':
      return map.fields.reduce<readonly FieldSelectionMap[]>(
        (variants, { name, value }) =>
          variants
            .flatMap((variant) =>
              expandMap(value, isA).map(
                (one): FieldSelectionMap => ({
                  kind: 'object',
                  fields: [...(variant.kind === 'object' ? variant.fields : []), { name, value: one }],
                }),
              ),
            )
            .slice(0, MOST_VARIANTS + 1),
        [{ kind: 'object', fields: [] }],
      );
    case 'path': {
      if (map.on !== undefined && !isA(map.on)) return [];
      const { on: _, ...plain } = map;
      if (map.of === undefined) return [plain];
      // Below the entity itself a key's types are known.
      return expandMap(map.of, () => true).map((of): PathNode => ({ ...plain, of }));
    }
  }
}

/** All combinations of one item of each list. */
export function combine<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (all, list) => all.flatMap((one) => list.map((item) => [...one, item])).slice(0, MOST_VARIANTS + 1),
    [[]],
  );
}
