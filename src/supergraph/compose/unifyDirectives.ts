import {
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  Kind,
  type NameNode,
  print,
  type TypeNode,
} from 'graphql';
import { EXECUTABLE } from '../clientSchema.ts';
import { narrowest } from './unifyArguments.ts';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

/**
 * Executable directives as all subgraphs have them: at the places, repeatable and with the arguments that each of them knows. The composer
 * keeps those of one subgraph, and refuses or forgets those that differ. `composed` ones (by name, with `@`) are not the clients'.
 */
export function unifyDirectives<T extends Service>(services: readonly T[], composed: ReadonlySet<string>): T[] {
  const found = new Map<string, DirectiveDefinitionNode[]>();
  for (const { typeDefs } of services)
    for (const node of typeDefs.definitions)
      if (
        node.kind === Kind.DIRECTIVE_DEFINITION &&
        !composed.has(`@${node.name.value}`) &&
        node.locations.some(isExecutable)
      )
        found.set(node.name.value, [...(found.get(node.name.value) ?? []), node]);
  if (found.size === 0) return [...services];
  const unify = (node: DirectiveDefinitionNode): DirectiveDefinitionNode[] => {
    const all = found.get(node.name.value);
    if (all === undefined) return [node];
    const own = node.locations.filter((location) => !isExecutable(location));
    const shared = all.length < services.length ? [] : sharedBy(all);
    if (own.length + shared.length === 0) return [];
    // Where a schema uses it itself, its arguments are needed as they are.
    const args = own.length > 0 ? node.arguments : (sharedArguments(all) ?? node.arguments);
    const repeatable = all.every((one) => one.repeatable);
    return [
      {
        ...node,
        repeatable: own.length > 0 ? node.repeatable : repeatable,
        arguments: args,
        locations: [...own, ...shared],
      },
    ];
  };
  return services.map((service) => ({
    ...service,
    typeDefs: {
      ...service.typeDefs,
      definitions: service.typeDefs.definitions.flatMap((node): readonly DefinitionNode[] =>
        node.kind === Kind.DIRECTIVE_DEFINITION ? unify(node) : [node],
      ),
    },
  }));
}

function isExecutable({ value }: NameNode): boolean {
  return EXECUTABLE.test(value);
}

function sharedBy([first, ...others]: readonly DirectiveDefinitionNode[]): NameNode[] {
  return (first?.locations ?? []).filter(
    (location) =>
      isExecutable(location) &&
      others.every(({ locations }) => locations.some(({ value }) => value === location.value)),
  );
}

/** Undefined where one has types that have nothing in common: the composer says so. */
function sharedArguments([first, ...others]: readonly DirectiveDefinitionNode[]): DirectiveDefinitionNode['arguments'] {
  const shared: InputValueDefinitionNode[] = [];
  for (const argument of first?.arguments ?? []) {
    const same = others.flatMap((one) => one.arguments?.find(({ name }) => name.value === argument.name.value) ?? []);
    if (same.length < others.length) continue;
    const all = [argument, ...same];
    const type = all.map((entry) => entry.type as TypeNode | undefined).reduce(narrowest);
    if (type === undefined) return undefined;
    const defaults = new Set(all.map(({ defaultValue }) => (defaultValue === undefined ? '' : print(defaultValue))));
    const { defaultValue, ...rest } = argument;
    shared.push({ ...rest, type, ...(defaults.size === 1 ? { defaultValue } : {}) });
  }
  return shared;
}
