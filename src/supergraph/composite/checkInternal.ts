import { type ConstDirectiveNode, Kind } from 'graphql';
import { directiveArguments } from '../directiveArguments.ts';
import { parseFieldSet } from '../parseFieldSet.ts';
import type { SourceIndex } from '../readSource.ts';
import { namedType, typeRef } from '../TypeRef.ts';
import type { Reporter } from './createReporter.ts';

/** What is internal must not be needed outside: as a key, or as the type of a field that clients see. */
export function checkInternal(index: SourceIndex, { report }: Reporter): void {
  const isInternal = (type: string) => index.directives(type, 'internal').length > 0;
  for (const [type, fields] of index.fields) {
    if (isInternal(type)) continue;
    const keyFields = new Set(index.directives(type, 'key').flatMap((directive) => keyFieldNames(directive)));
    for (const field of fields.values()) {
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      const coordinate = `${type}.${field.name.value}`;
      const named = namedType(typeRef(field.type));
      if (directiveArguments(field, 'internal').length > 0) {
        if (keyFields.has(field.name.value))
          report(
            'INTERNAL_KEY_FIELD',
            field,
            coordinate,
            'Expected a key field that other subgraphs can know; it is "@internal".',
          );
      } else if (isInternal(named)) {
        report(
          'REFERENCE_TO_INTERNAL_TYPE',
          field,
          coordinate,
          `Expected "@internal" on the field, too: the type "${named}" that it returns is internal.`,
        );
      }
    }
  }
}

function keyFieldNames(directive: ConstDirectiveNode): string[] {
  const text = directiveArguments({ directives: [directive] }, 'key')[0]?.['fields'];
  if (typeof text !== 'string') return [];
  try {
    return parseFieldSet(text).selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
  } catch {
    return [];
  }
}
