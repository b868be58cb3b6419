import { type FieldDefinitionNode, Kind, print } from 'graphql';
import type { SourceIndex } from '../readSource.ts';
import type { RequirementDefinition } from '../Subgraph.ts';
import { compileRequirement } from './compileRequirement.ts';
import type { Reporter } from './createReporter.ts';
import { readMapArgument } from './readMapArgument.ts';

/** More would not fit into the bits that tell which of them have no value. */
const MOST_ARGUMENTS = 30;

/** By `Type.field`: the arguments that are marked `@require`. Reports what is wrong with them; whether other subgraphs have what they read is seen later. */
export function readRequirements(
  index: SourceIndex,
  canEnter: (type: string) => boolean,
  reporter: Reporter,
): Record<string, readonly RequirementDefinition[]> {
  const found: Record<string, readonly RequirementDefinition[]> = {};
  for (const [type, fields] of index.fields) {
    for (const field of fields.values()) {
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      const coordinate = `${type}.${field.name.value}`;
      const requirements = readField(field, { coordinate, index, reporter });
      if (requirements.length === 0) continue;
      if (index.kinds.get(type) !== Kind.OBJECT_TYPE_DEFINITION || index.rootTypes.has(type))
        reporter.report(
          'REQUIRE_INVALID_USAGE',
          field,
          coordinate,
          'Expected "@require" in an object type that is looked up.',
        );
      else if (!canEnter(type))
        reporter.report(
          'REQUIRE_WITHOUT_LOOKUP',
          field,
          coordinate,
          `Expected a "@lookup" of "${type}" in this subgraph, by which the field can be asked for once what it requires is there.`,
        );
      else if (requirements.length > MOST_ARGUMENTS)
        reporter.report(
          'REQUIRE_INVALID_USAGE',
          field,
          coordinate,
          `Expected at most ${MOST_ARGUMENTS} such arguments.`,
        );
      found[coordinate] = requirements;
    }
  }
  return found;
}

function readField(
  { arguments: args = [] }: FieldDefinitionNode,
  {
    coordinate,
    index,
    reporter,
  }: { readonly coordinate: string; readonly index: SourceIndex; readonly reporter: Reporter },
): RequirementDefinition[] {
  return args.flatMap((argument) => {
    const name = argument.name.value;
    const map = readMapArgument(argument, 'require', `${coordinate}(${name}:)`, reporter);
    if (map === undefined || map === null) return [];
    return [{ name, type: print(argument.type), ...compileRequirement(map, argument.type, index) }];
  });
}
