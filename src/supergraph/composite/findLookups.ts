import { type FieldDefinitionNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import type { SourceIndex } from '../readSource.ts';
import { namedType, typeRef } from '../TypeRef.ts';

export interface FoundLookup {
  /** Type that has the field. */
  readonly on: string;
  readonly field: FieldDefinitionNode;
  /** Fields from the query root to it; undefined where no way without arguments leads there. */
  readonly path: readonly string[] | undefined;
}

/** All fields marked `@lookup`, with the shortest way to each from the query root. */
export function findLookups(index: SourceIndex): FoundLookup[] {
  const ways = new Map<string, readonly string[]>([[index.queryType, []]]);
  for (const [type, way] of ways) {
    for (const field of fieldsOf(index, type)) {
      const next = namedType(typeRef(field.type));
      if (ways.has(next) || index.kinds.get(next) !== Kind.OBJECT_TYPE_DEFINITION) continue;
      if (!isPassable(field)) continue;
      ways.set(next, [...way, field.name.value]);
    }
  }
  return [...index.kinds]
    .filter(([, kind]) => kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION)
    .flatMap(([on]) =>
      fieldsOf(index, on)
        .filter((field) => directiveArguments(field, 'lookup').length > 0)
        .map((field) => {
          const way = ways.get(on);
          return { on, field, path: way === undefined ? undefined : [...way, field.name.value] };
        }),
    );
}

function fieldsOf(index: SourceIndex, type: string): FieldDefinitionNode[] {
  return [...(index.fields.get(type)?.values() ?? [])].filter((field) => field.kind === Kind.FIELD_DEFINITION);
}

/** One object without arguments. */
function isPassable({ type, arguments: args }: FieldDefinitionNode): boolean {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return (
    inner.kind === Kind.NAMED_TYPE &&
    (args ?? []).every((argument) => argument.type.kind !== Kind.NON_NULL_TYPE || argument.defaultValue !== undefined)
  );
}
