import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print } from 'graphql';
import { usesFederationLink } from './federate.ts';

const INACCESSIBLE = parse(
  'directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | SCALAR | ENUM | INPUT_OBJECT',
);

/** Hidden things stay usable as keys and requirements: they only become inaccessible to clients. */
export function hideNodes(document: DocumentNode, hide: ReadonlySet<string>): DocumentNode {
  if (hide.size === 0) return document;
  const isLinked = usesFederationLink(document);
  // In Federation 2 a directive that is not imported goes by its full name; without it, by its own definition.
  const isImported = !isLinked || /"@inaccessible"/.test(print(document));
  const mark: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: isImported ? 'inaccessible' : 'federation__inaccessible' },
  };
  const definitions = document.definitions.map((node) => {
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) return node;
    const type = node.name.value;
    const marked =
      hide.has(type) && node.kind.endsWith('Definition')
        ? {
            ...node,
            directives: [...((node as { directives?: readonly ConstDirectiveNode[] }).directives ?? []), mark],
          }
        : node;
    if (!('fields' in marked) || marked.fields === undefined) return marked;
    const fields = marked.fields.map((field) =>
      hide.has(`${type}.${field.name.value}`) ? { ...field, directives: [...(field.directives ?? []), mark] } : field,
    );
    return { ...marked, fields };
  });
  const isDefined = definitions.some(
    (node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === 'inaccessible',
  );
  const more = isLinked || isDefined ? [] : INACCESSIBLE.definitions;
  return { ...document, definitions: [...definitions, ...more] as DocumentNode['definitions'] };
}
