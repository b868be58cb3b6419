import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import { isRecord } from '../lib/isRecord.ts';
import type { CacheHint, CacheHints, CacheTag } from './CacheHints.ts';
import { readLinks } from './compose/links.ts';
import { directiveNames } from './directiveNames.ts';

interface Used {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly graphs?: readonly string[] | undefined;
}

/** `@cacheControl` and `@cacheTag` of a supergraph document: as they are, or carried by `@join__directive`. */
export function readCacheHints(document: DocumentNode): CacheHints {
  const links = readLinks(document);
  const controls = directiveNames('cacheControl', links);
  const tagNames = new Set([...directiveNames('cacheTag', links), 'federation__cacheTag']);
  const hints = new Map<string, CacheHint[]>();
  const tags = new Map<string, CacheTag[]>();
  const note = (path: string, directives: readonly ConstDirectiveNode[] = []) => {
    for (const { name, args, graphs } of directives.map(readUse)) {
      if (controls.has(name)) append(hints, path, readHint(args, graphs));
      const { format } = args;
      if (tagNames.has(name) && typeof format === 'string') append(tags, path, { format, graphs });
    }
  };
  for (const node of document.definitions) {
    if (
      node.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      node.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
      node.kind !== Kind.UNION_TYPE_DEFINITION
    )
      continue;
    note(node.name.value, node.directives);
    const fields = node.kind === Kind.UNION_TYPE_DEFINITION ? [] : (node.fields ?? []);
    for (const field of fields) note(`${node.name.value}.${field.name.value}`, field.directives);
  }
  return { hints, tags };
}

function readUse(node: ConstDirectiveNode): Used {
  const args = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  if (node.name.value !== 'join__directive') return { name: node.name.value, args };
  const { name, graphs, args: inner } = args;
  return {
    name: String(name),
    args: isRecord(inner) ? inner : {},
    graphs: Array.isArray(graphs) ? graphs.map(String) : undefined,
  };
}

function readHint(args: Used['args'], graphs: Used['graphs']): CacheHint {
  const { maxAge, scope, inheritMaxAge } = args;
  // What inherits takes the age of what it stands in, which is counted there.
  const age = typeof maxAge === 'number' && inheritMaxAge !== true ? { maxAge: maxAge * 1_000 } : {};
  return { ...age, ...(scope === 'PRIVATE' || scope === 'PUBLIC' ? { scope } : {}), graphs };
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
}
