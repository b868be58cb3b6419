import { GraphQLError, type InputValueDefinitionNode, Kind } from 'graphql';
import type { Reporter } from './createReporter.ts';
import type { FieldSelectionMap } from './FieldSelectionMap.ts';
import { parseFieldSelectionMap } from './parseFieldSelectionMap.ts';

/** The map of `@is` or `@require` on an argument; undefined where there is none, null where it is wrong, which is then reported. */
export function readMapArgument(
  argument: InputValueDefinitionNode,
  word: 'is' | 'require',
  coordinate: string,
  { report }: Reporter,
): FieldSelectionMap | null | undefined {
  const directive = (argument.directives ?? []).find(({ name }) => name.value === word);
  if (directive === undefined) return undefined;
  const given = directive.arguments?.find(({ name }) => name.value === 'field')?.value;
  if (given?.kind !== Kind.STRING) {
    report(
      `${word.toUpperCase()}_INVALID_FIELD_TYPE`,
      directive,
      coordinate,
      `Expected "@${word}(field:)" with a string.`,
    );
    return null;
  }
  try {
    return parseFieldSelectionMap(given.value);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    report(`${word.toUpperCase()}_INVALID_SYNTAX`, directive, coordinate, `"@${word}": ${error.message}`);
    return null;
  }
}
