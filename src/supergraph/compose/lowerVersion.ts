import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  visit,
} from 'graphql';

/** Newest federation version that the composer knows. */
const NEWEST_MINOR = 9;
const FEDERATION = /^(https:\/\/specs\.apollo\.dev\/federation\/v2\.)(\d+)$/;

/** What later versions brought. The composer would refuse it; it says nothing that composition needs. */
const LATER = new Set(['cacheTag']);

/** A schema of a newer federation version as one of the newest that the composer knows: it refuses a version before it looks at what is used. */
export function lowerVersion(document: DocumentNode): DocumentNode {
  let isLowered = false;
  const lowered = visit(document, {
    Directive(node) {
      if (node.name.value !== 'link') return undefined;
      const link = lowerLink(node as ConstDirectiveNode);
      if (link !== undefined) isLowered = true;
      return link;
    },
  });
  if (!isLowered) return document;
  return visit(lowered, {
    Directive: (node) => (LATER.has(node.name.value.replace(/^federation__/, '')) ? null : undefined),
  });
}

function lowerLink(node: ConstDirectiveNode): ConstDirectiveNode | undefined {
  const url = node.arguments?.find((argument) => argument.name.value === 'url')?.value;
  const match = url?.kind === Kind.STRING ? FEDERATION.exec(url.value) : null;
  if (match === null || Number(match[2]) <= NEWEST_MINOR) return undefined;
  const args = (node.arguments ?? []).map((argument): ConstArgumentNode => {
    if (argument.value === url)
      return { ...argument, value: { kind: Kind.STRING, value: `${match[1]}${NEWEST_MINOR}` } };
    if (argument.name.value !== 'import' || argument.value.kind !== Kind.LIST) return argument;
    return {
      ...argument,
      value: { ...argument.value, values: argument.value.values.filter((entry) => !LATER.has(importName(entry))) },
    };
  });
  return { ...node, arguments: args };
}

function importName(entry: ConstValueNode): string {
  if (entry.kind === Kind.STRING) return entry.value.replace('@', '');
  const name =
    entry.kind === Kind.OBJECT ? entry.fields.find((field) => field.name.value === 'name')?.value : undefined;
  return name?.kind === Kind.STRING ? name.value.replace('@', '') : '';
}
