import type { Names } from './Names.ts';
import { tags } from './tags.ts';

type Members = Readonly<Record<string, unknown>>;

/** The tags of one entity, by each of its keys; of a key that is not known of it, that it may be any. */
export function entityTags(type: string, members: Members, names: Names): readonly string[] {
  return [
    tags.entities(type),
    ...names.keys(type).map(({ name, fields }) => {
      const values = keyValues(fields, members);
      return values === undefined ? tags.anyKey(type, name) : tags.key(type, name, values);
    }),
  ];
}

/** As text: a subgraph may write an id as a number that another writes as a text. */
export function keyValues(fields: readonly string[], members: Members): readonly string[] | undefined {
  const values = fields.map((field) => members[field]);
  return values.every((value) => value !== undefined && value !== null && typeof value !== 'object')
    ? values.map(String)
    : undefined;
}
