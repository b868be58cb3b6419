import { type ASTNode, type ConstDirectiveNode, type DocumentNode, Kind, print, type StringValueNode } from 'graphql';

interface Service {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

interface Described {
  readonly kind: string;
  readonly name?: { readonly value: string };
  readonly description?: StringValueNode | undefined;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
  readonly fields?: readonly Described[];
  readonly arguments?: readonly Described[];
  readonly values?: readonly Described[];
}

interface Votes {
  readonly descriptions: StringValueNode[];
  readonly deprecations: ConstDirectiveNode[];
}

/**
 * What a type, a field, an argument, a value or the schema is for, and why it is deprecated, as most subgraphs have it; the first of them
 * where as many say one as the other. The composer takes the first, though it is empty, and forgets the schema's.
 */
export function mendDescriptions(supergraph: DocumentNode, services: readonly Service[]): DocumentNode {
  const votes = new Map<string, Votes>();
  const count = (path: string, node: Described) => {
    const own = votes.get(path) ?? { descriptions: [], deprecations: [] };
    votes.set(path, own);
    if (node.description !== undefined && node.description.value !== '') own.descriptions.push(node.description);
    own.deprecations.push(...(node.directives ?? []).filter(({ name }) => name.value === 'deprecated'));
    for (const child of childrenOf(node)) count(`${path}.${child.name?.value ?? ''}`, child);
  };
  // In the order of their names, as Apollo's composer goes through them.
  const inOrder = [...services].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { typeDefs } of inOrder) for (const node of typeDefs.definitions) count(pathOf(node), node as Described);
  const mend = <T extends Described>(path: string, node: T): T => {
    const { descriptions = [], deprecations = [] } = votes.get(path) ?? {};
    const deprecated = mostOften(deprecations, print);
    const children = (list: readonly Described[] | undefined) =>
      list?.map((child) => mend(`${path}.${child.name?.value ?? ''}`, child));
    return {
      ...node,
      description: mostOften(descriptions, ({ value }) => value),
      directives: node.directives?.map((directive) =>
        directive.name.value === 'deprecated' ? (deprecated ?? directive) : directive,
      ),
      fields: children(node.fields),
      arguments: children(node.arguments),
      values: children(node.values),
    };
  };
  return {
    ...supergraph,
    definitions: supergraph.definitions.map((node) => mend(pathOf(node), node as Described) as typeof node),
  };
}

/** Definitions and extensions of one type are one. */
function pathOf(node: ASTNode): string {
  if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) return '';
  const prefix = node.kind === Kind.DIRECTIVE_DEFINITION ? '@' : '';
  return prefix + ('name' in node && node.name !== undefined ? node.name.value : '');
}

function childrenOf({ fields = [], arguments: args = [], values = [] }: Described): readonly Described[] {
  return [...fields, ...args, ...values];
}

function mostOften<T>(all: readonly T[], read: (one: T) => string): T | undefined {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(read(one), (counts.get(read(one)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return all.find((one) => counts.get(read(one)) === most);
}
