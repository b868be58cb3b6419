import { type ASTNode, type DocumentNode, parse } from 'graphql';
import type { Issue } from '../../errors/Issue.ts';
import type { Subgraph } from '../Subgraph.ts';
import { isType } from '../schemaIndex.ts';
import { placeOf } from './checkDocument.ts';

/** Issues with the line of what they concern, and first among their subgraphs the one whose line it is. */
export function locate(issues: readonly Issue[], subgraphs: readonly Subgraph[]): readonly Issue[] {
  const documents = new Map<string, DocumentNode>();
  const documentOf = ({ name, sdl }: Subgraph): DocumentNode => {
    const known = documents.get(name) ?? parse(sdl);
    documents.set(name, known);
    return known;
  };
  // The schema of another kind of service is made here: nobody has its lines.
  const written = subgraphs.filter(({ definition }) => definition.source.kind === 'graphql');
  return issues.map((issue) => {
    const { path, line, subgraphs: names = [] } = issue;
    if (line !== undefined || path === undefined) return issue;
    const concerned = names.flatMap((name) => written.find((subgraph) => subgraph.name === name) ?? []);
    for (const subgraph of concerned) {
      const node = nodeAt(documentOf(subgraph), path);
      const { name } = subgraph;
      if (node !== undefined)
        return { ...issue, ...placeOf(node), subgraphs: [name, ...names.filter((other) => other !== name)] };
    }
    return issue;
  });
}

/** Where a coordinate is defined: `Type`, or `Type.field` and `Enum.VALUE`. */
function nodeAt(document: DocumentNode, coordinate: string): ASTNode | undefined {
  const [type, member] = coordinate.split('.');
  for (const node of document.definitions) {
    if (!isType(node) || node.name.value !== type) continue;
    if (member === undefined) return node;
    const members: readonly { readonly name: { readonly value: string } }[] = [
      ...('fields' in node ? (node.fields ?? []) : []),
      ...('values' in node ? (node.values ?? []) : []),
    ];
    const found = members.find(({ name }) => name.value === member);
    if (found !== undefined) return found as ASTNode;
  }
  return undefined;
}
