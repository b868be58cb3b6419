import { Kind } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import { type Checked, type FieldsNode, federationDirective, fieldTypes, placeOf } from './checkDocument.ts';
import { argumentOf, federationName } from './links.ts';

/**
 * Who can look an interface up by its key has to know all of its implementations. The composer says so, too, but of interfaces that
 * have none, and of keys by which nothing is looked up.
 */
export function checkInterfaceKeys(all: readonly Checked[]): Issue[] {
  return all.flatMap((checked) => {
    const key = federationName(checked.links, 'key');
    return fieldTypes(checked.document).flatMap((node) => {
      if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_EXTENSION) return [];
      const used = (node.directives ?? []).find(
        (directive) => directive.name.value === key && argumentOf(directive, 'resolvable') !== false,
      );
      if (used === undefined) return [];
      const path = node.name.value;
      const own = implementations(checked, path);
      const missing = [...new Set(all.flatMap((other) => [...implementations(other, path)]))].filter(
        (type) => !own.has(type),
      );
      if (missing.length === 0) return [];
      const message = `Expected "${checked.name}", which looks "${path}" up by "${String(argumentOf(used, 'fields'))}", to have all of its types; it lacks ${missing.map((type) => `"${type}"`).join(', ')}.`;
      const code = 'INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE';
      return { ...placeOf(used), path, code, message, subgraphs: [checked.name] };
    });
  });
}

function implementations({ document, ...checked }: Checked, type: string): ReadonlySet<string> {
  const isObject = (node: FieldsNode) =>
    (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    federationDirective(checked, node, 'interfaceObject') === undefined;
  return new Set(
    document.definitions.flatMap((node) =>
      'interfaces' in node &&
      isObject(node as FieldsNode) &&
      node.interfaces?.some(({ name }) => name.value === type) === true
        ? node.name.value
        : [],
    ),
  );
}
