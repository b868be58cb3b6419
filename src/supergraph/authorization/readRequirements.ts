import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { argumentOf, readLinks } from '../compose/links.ts';
import { directiveNames } from '../directiveNames.ts';
import { type Alternatives, type Requirement, unite } from './Requirement.ts';

interface Marked {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/**
 * `@authenticated`, `@requiresScopes` and `@policy` of a supergraph document, by `Type` and `Type.field`, under whatever names its `@link`s give
 * them. Their own names always count: a document that forgets the link is not thereby open.
 */
export function readRequirements(document: DocumentNode): ReadonlyMap<string, Requirement> {
  const links = readLinks(document);
  const authenticated = directiveNames('authenticated', links);
  const scopes = directiveNames('requiresScopes', links);
  const policies = directiveNames('policy', links);
  const found = new Map<string, Requirement>();
  const note = (coordinate: string, { directives = [] }: Marked) => {
    const own = directives.flatMap((directive): Requirement[] => {
      const name = directive.name.value;
      if (authenticated.has(name)) return [{ authenticated: true, scopes: [], policies: [] }];
      if (scopes.has(name)) return [{ authenticated: false, scopes: [namesIn(directive, 'scopes')], policies: [] }];
      if (policies.has(name)) return [{ authenticated: false, scopes: [], policies: [namesIn(directive, 'policies')] }];
      return [];
    });
    const requirement = unite(own);
    if (requirement !== undefined) found.set(coordinate, requirement);
  };
  for (const node of document.definitions) {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const name = node.name.value;
    note(name, node as Marked);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) note(`${name}.${field.name.value}`, field);
  }
  return found;
}

const WORDS = ['authenticated', 'requiresScopes', 'policy'];

/** The directives of a node that say who may read it, under their own names and those that the links of a supergraph give them. */
export function protectionsOf({ directives = [] }: Marked, supergraph?: DocumentNode): readonly ConstDirectiveNode[] {
  const links = supergraph === undefined ? [] : readLinks(supergraph);
  const names = new Set(WORDS.flatMap((word) => [...directiveNames(word, links)]));
  return directives.filter(({ name }) => names.has(name.value));
}

/** `"a"`, `["a"]` and `[["a"]]` are one to GraphQL. */
function namesIn(node: ConstDirectiveNode, argument: string): Alternatives {
  return listOf(argumentOf(node, argument)).map((names) => listOf(names).map(String));
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
