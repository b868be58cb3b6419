import { type ConstDirectiveNode, type ConstValueNode, valueFromASTUntyped } from 'graphql';

/** The uses of one directive on a node, their arguments as plain values; enum values as strings. */
export function directiveArguments(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  name: string,
): Readonly<Record<string, unknown>>[] {
  return (node.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries((directive.arguments ?? []).map((argument) => [argument.name.value, plain(argument.value)])),
    );
}

function plain(value: ConstValueNode): unknown {
  return valueFromASTUntyped(value);
}

/** The argument where it is a string, else undefined. */
export function stringArgument(args: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' ? value : undefined;
}
