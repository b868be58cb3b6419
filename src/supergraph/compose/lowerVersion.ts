import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  visit,
} from 'graphql';
import { federationName, readLinks } from './links.ts';

/** Newest federation version that the composer knows. */
const NEWEST_MINOR = 9;
const FEDERATION = /^(https:\/\/specs\.apollo\.dev\/federation\/v2\.)(\d+)$/;

/** What later versions brought. The composer would refuse it; it says nothing that composition needs. */
const LATER = new Set(['cacheTag']);

/** A schema of a newer federation version as one of the newest that the composer knows: it refuses a version before it looks at what is used. */
export function lowerVersion(document: DocumentNode): DocumentNode {
  const links = readLinks(document);
  const later = links.filter((link) => Number(FEDERATION.exec(link.url)?.[2] ?? 0) > NEWEST_MINOR);
  if (later.length === 0) return document;
  const dropped = new Set([...LATER].map((directive) => federationName(links, directive)));
  return visit(document, {
    Directive(node) {
      if (dropped.has(node.name.value)) return null;
      return later.some((link) => link.node === node) ? lowerLink(node as ConstDirectiveNode) : undefined;
    },
  });
}

function lowerLink(node: ConstDirectiveNode): ConstDirectiveNode {
  const args = (node.arguments ?? []).map((argument): ConstArgumentNode => {
    const { value } = argument;
    if (argument.name.value === 'url' && value.kind === Kind.STRING)
      return { ...argument, value: { ...value, value: value.value.replace(FEDERATION, `$1${NEWEST_MINOR}`) } };
    if (argument.name.value !== 'import' || value.kind !== Kind.LIST) return argument;
    return { ...argument, value: { ...value, values: value.values.filter((entry) => !LATER.has(importName(entry))) } };
  });
  return { ...node, arguments: args };
}

function importName(entry: ConstValueNode): string {
  if (entry.kind === Kind.STRING) return entry.value.replace('@', '');
  const name =
    entry.kind === Kind.OBJECT ? entry.fields.find((field) => field.name.value === 'name')?.value : undefined;
  return name?.kind === Kind.STRING ? name.value.replace('@', '') : '';
}
